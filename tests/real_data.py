"""Where the optional collection of real DICOM, ECG and photographs lies; tests that need it skip where it is absent."""

import os
from pathlib import Path

import pytest

DATA = Path(os.environ.get("GRATICULE_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the collection of real data is not here (GRATICULE_TEST_DATA)")
