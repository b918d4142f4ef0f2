"""What the window needs before its first paint is light; the rest is imported when the first case is opened."""

import subprocess
import sys

HEAVY = ("numpy", "vtkmodules", "pyqtgraph", "pydicom", "scipy", "numba", "SimpleITK", "sqlcipher3", "httpx")


def test_nothing_heavy_is_imported_before_the_first_paint() -> None:
    script = ("import graticule.app, graticule.ui.main_window, graticule.ui.theme, sys; "
              "print(*{name.split('.')[0] for name in sys.modules})")
    loaded = set(subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split())
    assert loaded & set(HEAVY) == set()
