"""How every loop is compiled: kept on disk between starts, and without the interpreter's lock, so that the window stays live."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """The function as machine code; it may be called from compiled functions too.

    Where no folder can be written in (a read-only installation and home), it is compiled anew in each process that uses it.
    """
    try:
        return cast(F, njit(cache=True, nogil=True)(function))
    except RuntimeError:  # numba finds no place for its cache
        KEPT.clear()
        return cast(F, njit(nogil=True)(function))


# Empty when what is compiled here is lost with the process.
KEPT = {True}
