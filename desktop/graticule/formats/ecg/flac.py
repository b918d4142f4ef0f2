"""FLAC signal files of WFDB (formats 508, 516, 524), frame by frame."""

from pathlib import Path

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array

_FULL = 32


class FlacFile:
    """bits: of the WFDB format; a FLAC stream may use more or fewer, its samples are taken as they are."""

    def __init__(self, path: Path, bits: int, channels: int) -> None:
        # Loaded when the first such file is met: libsndfile is needed for nothing else.
        import soundfile

        self._path, self._bits, self._channels = path, bits, channels
        self._failure = soundfile.LibsndfileError
        self._open = soundfile.SoundFile
        try:
            with self._open(path) as file:
                self.frames, found, kind = int(file.frames), int(file.channels), file.format
        except (self._failure, OSError, RuntimeError) as fault:
            raise GraticuleError(f"{path.name} is no FLAC file, or is damaged.", "Copy the file again.") from fault
        if kind != "FLAC":
            raise GraticuleError(f"{path.name} is no FLAC file.", "Copy the file again.")
        if found != channels:
            raise GraticuleError(f"The header gives {path.name} {channels} channels; it holds {found}.")

    def read(self, first: int, last: int) -> Array:
        """(last − first, channels) integers as stored."""
        try:
            with self._open(self._path) as file:
                file.seek(first)
                data = file.read(last - first, dtype="int32", always_2d=True)
        except (self._failure, OSError, RuntimeError) as fault:
            raise GraticuleError(f"{self._path.name} is damaged.", "Copy the file again.") from fault
        if data.shape[0] < last - first:
            raise GraticuleError(f"{self._path.name} is cut short.", "Copy the file again.")
        return np.asarray(data >> (_FULL - self._bits))
