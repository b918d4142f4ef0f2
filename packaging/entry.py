"""The frozen program's first lines."""

import multiprocessing
import sys

from graticule.__main__ import main

if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main())
