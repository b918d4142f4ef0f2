"""Set up Graticule in a checkout and do one thing with it: `python3 packaging/set_up.py run` (or test, check, bench, fuzz, …).

Needs Python 3.11 or later and nothing else. Makes `.venv` from the lock files, and on Debian and Ubuntu installs the system
libraries that Qt and VTK load, where it may; where it may not, it says which packages are missing. The Makefile calls this.
"""

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")

# What the wheels of Qt and VTK load from the system: shared library → the Debian package that brings it.
HEADLESS = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
}
WINDOWS = {
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libXcursor.so.1": "libxcursor1",
}
# Mesa's software renderer is opened by name at run time, so it is looked for as files.
DRIVERS = "libgl1-mesa-dri"
# A real archive to test against. Only in CI: on Debian it starts as a service once it is installed.
ARCHIVE = ["orthanc", "orthanc-dicomweb"]
RENAMED = {"libglib2.0-0": "libglib2.0-0t64"}


def main(words: list[str]) -> int:
    if sys.version_info < (3, 11):
        return say(f"Graticule needs Python 3.11 or later; this is {sys.version.split()[0]}.")
    task = words[0] if words else "run"
    tasks = {"run": run, "test": test, "coverage": coverage, "check": check, "bench": bench, "fuzz": fuzz,
             "package": package, "shell": shell}
    if task not in tasks:
        return say(f"“{task}” is not one of: {', '.join(tasks)}.")
    wants_window = task == "run" and sys.platform.startswith("linux")
    missing = system_libraries(with_windows=wants_window)
    if missing and not install_with_apt(missing):
        say(f"These system packages are missing and could not be installed here: {' '.join(missing)}.")
        say(f"Ask an administrator to run: apt-get install {' '.join(missing)}")
        if wants_window:
            return 2
    if not make_venv(dev=task != "run"):
        return 2
    return tasks[task](words[1:])


def say(text: str) -> int:
    print(text, file=sys.stderr, flush=True)
    return 2


def system_libraries(*, with_windows: bool) -> list[str]:
    """The Debian packages whose libraries cannot be loaded here; empty on Windows and macOS."""
    if not sys.platform.startswith("linux"):
        return []
    wanted = {**HEADLESS, **(WINDOWS if with_windows else {})}
    missing = [package for library, package in wanted.items() if not loads(library)]
    places = ("lib/*/dri/swrast_dri.so", "lib/*/libgallium*.so", "lib64/dri/swrast_dri.so")
    drivers = [found for place in places for found in Path("/usr").glob(place)]
    return missing if drivers else [*missing, DRIVERS]


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def install_with_apt(packages: list[str]) -> bool:
    """Install by apt-get as root, or by sudo where it asks for no password; False where neither works."""
    apt = shutil.which("apt-get")
    if apt is None:
        return False
    prefix: list[str] = []
    if hasattr(os, "geteuid") and os.geteuid() != 0:
        if shutil.which("sudo") is None or subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode != 0:
            return False
        prefix = ["sudo", "-n"]
    say(f"Installing system packages: {' '.join(packages)}")
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run([*prefix, apt, "update", "-q"], **quiet)
    install = [*prefix, apt, "install", "-y", "-q", "--no-install-recommends"]
    if subprocess.run([*install, *packages], **quiet).returncode == 0:
        return True
    return subprocess.run([*install, *[RENAMED.get(package, package) for package in packages]], **quiet).returncode == 0


def make_venv(*, dev: bool) -> bool:
    """`.venv` as the lock file says, made again only when the lock has changed."""
    if not PYTHON.exists() and not new_venv():
        return False
    lock = ROOT / "packaging" / ("requirements-dev.lock" if dev else "requirements.lock")
    wanted = f"{hashlib.sha256(lock.read_bytes() + (ROOT / 'pyproject.toml').read_bytes()).hexdigest()} {sys.version_info[:2]}"
    stamp = VENV / ("installed-dev" if dev else "installed")
    if stamp.exists() and stamp.read_text() == wanted:
        return True
    say("Installing Graticule's packages (a few minutes the first time) …")
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "-q"]
    steps = [[*pip, "--require-hashes", "-r", str(lock)], [*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)]]
    for step in steps:
        if subprocess.run(step).returncode != 0:
            say("The packages could not be installed. Is the package index reachable from this machine? Then run this again.")
            return False
    stamp.write_text(wanted)
    return True


def new_venv() -> bool:
    """Make the virtual environment; Debian keeps the part that brings pip in a package of its own."""
    command = [sys.executable, "-m", "venv", str(VENV)]
    if subprocess.run(command, capture_output=True).returncode == 0:
        return True
    shutil.rmtree(VENV, ignore_errors=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if install_with_apt([version]) and subprocess.run(command).returncode == 0:
        return True
    say(f"Python cannot make a virtual environment here. Ask an administrator to run: apt-get install {version}")
    return False


def call(*command: str, **environment: str) -> int:
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}).returncode


def headless() -> dict[str, str]:
    """No display is needed: Qt draws into memory, VTK by EGL on Linux."""
    backend = {"VTK_DEFAULT_OPENGL_WINDOW": "vtkEGLRenderWindow"} if sys.platform.startswith("linux") else {}
    return {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"), **backend}


def run(words: list[str]) -> int:
    return call(str(PYTHON), "-m", "graticule", "demo", "--open", *words)


def test(words: list[str]) -> int:
    if os.environ.get("CI") and not Path("/usr/sbin/Orthanc").exists():
        install_with_apt(ARCHIVE)  # without it the tests of archives are skipped and say so
    # Two files of tests at a time: each still runs in its own order.
    side_by_side = [] if words else ["-n", "2", "--dist", "loadfile"]
    return call(str(PYTHON), "-m", "pytest", *side_by_side, *words, **headless())


def coverage(words: list[str]) -> int:
    status = call(str(PYTHON), "-m", "coverage", "run", "-m", "pytest", *words, **headless())
    call(str(PYTHON), "-m", "coverage", "report", "--sort=cover", "--skip-covered", "--skip-empty")
    return status


def check(words: list[str]) -> int:
    steps = (["-m", "ruff", "check", "desktop", "tests", "benchmarks", "packaging"], ["-m", "mypy"],
             ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"])
    return max(call(str(PYTHON), *step) for step in steps)


def bench(words: list[str]) -> int:
    return call(str(PYTHON), "-m", "benchmarks", *words, **headless())


def fuzz(words: list[str]) -> int:
    """Damaged sample files, GRATICULE_COUNT of them, the same again for the same GRATICULE_SEED."""
    paths = os.pathsep.join([str(ROOT / "tests"), *filter(None, [os.environ.get("PYTHONPATH")])])
    return call(str(PYTHON), "-m", "fuzz", *words, PYTHONPATH=paths)


def package(words: list[str]) -> int:
    return call(str(PYTHON), str(ROOT / "packaging" / "linux" / "build.py"), *words)


def shell(words: list[str]) -> int:
    return call(str(PYTHON), *words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
