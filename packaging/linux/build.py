"""`make package`: build the one-folder program for Linux and let it pass its own self-test."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    build = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", "--distpath", str(ROOT / "dist"),
             "--workpath", str(ROOT / "build" / "pyinstaller"), str(ROOT / "packaging" / "graticule.spec")]
    if subprocess.run(build, cwd=ROOT).returncode != 0:
        return 1
    program = ROOT / "dist" / "graticule" / "graticule"
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "VTK_DEFAULT_OPENGL_WINDOW": "vtkEGLRenderWindow"}
    print(f"Built {program.parent}; its self-test:", flush=True)
    return subprocess.run([str(program), "self-test"], env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
