"""How every loop is compiled: kept on disk between starts, and without the interpreter's lock, so that the window stays live."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """The function as machine code; it may be called from compiled functions too."""
    return cast(F, njit(cache=True, nogil=True)(function))
