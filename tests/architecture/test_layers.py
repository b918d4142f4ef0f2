"""The dependency rule, checked; the contracts themselves stand in pyproject.toml."""

import subprocess
import sys

from importlinter.application import use_cases
from importlinter.cli import configuration  # noqa: F401  (registers the contract types and readers)


def test_every_layer_knows_only_what_the_rule_allows() -> None:
    assert use_cases.lint_imports(is_debug_mode=False, cache_dir=None), "see “lint-imports” for the broken contract"


def test_the_server_starts_without_anything_that_draws() -> None:
    loaded = modules_after("import graticule.server.serve, graticule.server.routes, graticule.server.central_store")
    for heavy in ("PySide6", "vtkmodules", "pyqtgraph", "numba", "SimpleITK", "pydicom"):
        assert heavy not in loaded


def test_the_command_line_answers_without_loading_the_desk() -> None:
    loaded = modules_after("import graticule.__main__")
    for heavy in ("PySide6", "vtkmodules", "pyqtgraph", "pydicom", "sqlalchemy", "numpy"):
        assert heavy not in loaded


def modules_after(statement: str) -> set[str]:
    """Top-level modules in sys.modules of a fresh interpreter after the statement."""
    script = f"{statement}\nimport sys\nprint(' '.join({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())
