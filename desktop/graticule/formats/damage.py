"""What libraries raise when a file is damaged or hostile: caught at the door, where it becomes a sentence."""

import struct
import zlib

# `Exception` would also hide our own mistakes in code that runs on healthy files, so the kinds are listed.
DAMAGE: tuple[type[Exception], ...] = (
    OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError,
    RuntimeError, MemoryError, struct.error, zlib.error,
)
