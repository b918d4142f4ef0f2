"""The worker process: runs one function after another on what may be hostile, and dies alone when one of them does.

Requests come in on standard input as (length, pickle), written by the program itself. Answers go out as (length, JSON) with the
array in shared memory: never a pickle, since a decoder that was taken over would write it.
"""

import importlib
import json
import os
import pickle
import struct
import sys
from functools import cache
from typing import Any, BinaryIO

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.formats.damage import DAMAGE
from graticule.formats.guard.shared import Placed, WorkersView

FLAG = "--decode-worker"
# Imports and the libraries' own tables need address space, too; the rest is for the image.
_ROOM = 1 << 30
_TIMES_THE_RESULT = 12


def main(address: str) -> int:
    """Answer until the program closes the pipe. Whatever a codec prints goes nowhere."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "r+b") as nowhere:
        for number in (0, 1, 2):
            os.dup2(nowhere.fileno(), number)
    _harmless()
    view = WorkersView(address)
    while (request := _received(requests)) is not None:
        answer = _answered(view, *request)
        text = json.dumps(answer).encode()
        answers.write(struct.pack("<I", len(text)) + text)
        answers.flush()
    return 0


def _received(requests: BinaryIO) -> tuple[str, tuple[Any, ...], int, int, float] | None:
    head = requests.read(4)
    if len(head) < 4:
        return None
    size, = struct.unpack("<I", head)
    return pickle.loads(requests.read(size))  # type: ignore[no-any-return]


def _answered(view: WorkersView, task: str, arguments: tuple[Any, ...], largest: int, room: int,
              seconds: float) -> dict[str, Any]:
    module, _, function = task.partition(":")
    try:
        _allow(largest, seconds)
        given = [view.read(room, argument) if isinstance(argument, Placed) else argument for argument in arguments]
        array = np.ascontiguousarray(getattr(importlib.import_module(module), function)(*given))
        if array.nbytes > min(largest, room) or array.dtype.hasobject:
            return {"fault": "size"}
        view.write(room, array.reshape(-1).view(np.uint8).data)
    except GraticuleError as error:
        return {"fault": "said", "message": error.message, "hint": error.hint}
    except MemoryError:
        return {"fault": "memory"}
    except DAMAGE as error:
        return {"fault": "damage", "kind": type(error).__name__}
    except Exception as error:  # noqa: BLE001 - a bug here is a refused image there, and its kind is told
        return {"fault": "damage", "kind": type(error).__name__}
    return {"dtype": array.dtype.str, "shape": list(array.shape)}


def _harmless() -> None:
    """No core files, which would hold a patient's image, and nothing written to disk."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _allow(largest: int, seconds: float) -> None:
    """Address space and processor time for the next request. Windows has neither: there the program's own clock and the
    sizes in the headers guard it."""
    if sys.platform == "win32":
        return
    import resource

    space = _started_with() + _ROOM + _TIMES_THE_RESULT * largest
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    for what, soft in ((resource.RLIMIT_AS, space), (resource.RLIMIT_CPU, int(used + seconds) + 2)):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


@cache
def _started_with() -> int:
    """Bytes of address space that the interpreter and its libraries had before the first frame."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 1 << 40  # macOS does not hold to this limit anyway


if __name__ == "__main__":
    sys.exit(main(sys.argv[-1]))
