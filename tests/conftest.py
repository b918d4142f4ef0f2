"""Set before Qt or VTK is imported: no display is needed, and VTK draws by EGL on Linux."""

import os
import sys

from hypothesis import HealthCheck, settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if sys.platform.startswith("linux"):
    os.environ.setdefault("VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow")

# No time limits, since machines are shared. CI tries the same examples each time, so that a red run can be repeated;
# everywhere else hypothesis goes on looking for new ones.
settings.register_profile("graticule", deadline=None, derandomize=bool(os.environ.get("CI")),
                          suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("graticule")
