"""multipart/related as it comes off the wire: every part goes straight to a file, whatever its size (RFC 2046 §5.1)."""

from collections.abc import Iterable, Iterator
from email.message import Message
from pathlib import Path
from typing import BinaryIO, Protocol

from graticule.domain.errors import GraticuleError
from graticule.pacs.shelf import in_words

HEADER_BYTES = 64 * 1024  # no part's header is longer; without a limit a lying archive could fill the memory
_LONGEST_BOUNDARY = 70

BROKEN = ("The archive's answer breaks off or is not in the agreed form.", "Try again; if it stays, tell whoever looks after it.")


class Blanks(Protocol):
    def blank(self) -> Path: ...


def boundary_of(content_type: str) -> bytes:
    """The boundary of a Content-Type header; GraticuleError when it announces no multipart."""
    message = Message()
    message["content-type"] = content_type
    boundary = message.get_param("boundary")
    if message.get_content_maintype() != "multipart" or not isinstance(boundary, str):
        raise GraticuleError(*BROKEN)
    if not 0 < len(boundary) <= _LONGEST_BOUNDARY:
        raise GraticuleError(*BROKEN)
    return boundary.encode("latin-1", "replace")


def parts_to_files(chunks: Iterable[bytes], boundary: bytes, blanks: Blanks) -> Iterator[Path]:
    """A file for each complete part, as soon as it is complete. A part that is cut off is removed and told as GraticuleError."""
    reader = _Reader(iter(chunks), b"\r\n--" + boundary)
    reader.skip_preamble()
    while reader.at_part():
        path = blanks.blank()
        try:
            with in_words(), path.open("wb") as file:
                reader.copy_part(file)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        yield path


class _Reader:
    """Looks for `mark` (CRLF, two dashes, boundary) in a stream that may cut it anywhere."""

    def __init__(self, chunks: Iterator[bytes], mark: bytes) -> None:
        self._chunks, self._mark = chunks, mark
        self._held = bytearray(b"\r\n")  # the first boundary may stand at the very beginning

    def skip_preamble(self) -> None:
        while (at := self._held.find(self._mark)) < 0:
            del self._held[: max(0, len(self._held) - len(self._mark))]
            self._more()
        del self._held[: at + len(self._mark)]

    def at_part(self) -> bool:
        """After a boundary: whether another part follows; then its header has been read."""
        while len(self._held) < 2:
            self._more()
        if self._held[:2] == b"--":
            return False
        while (end := self._held.find(b"\r\n\r\n")) < 0:
            if len(self._held) > HEADER_BYTES:
                raise GraticuleError(*BROKEN)
            self._more()
        del self._held[: end + 4]
        return True

    def copy_part(self, file: BinaryIO) -> None:
        """Up to the next boundary, which is taken off the stream too."""
        while (at := self._held.find(self._mark)) < 0:
            safe = len(self._held) - len(self._mark)
            if safe > 0:
                file.write(self._held[:safe])
                del self._held[:safe]
            self._more()
        file.write(self._held[:at])
        del self._held[: at + len(self._mark)]

    def _more(self) -> None:
        chunk = next(self._chunks, None)
        if chunk is None:
            raise GraticuleError(*BROKEN)
        self._held += chunk


def framed(path: Path, boundary: str, chunk: int = 1 << 20) -> tuple[int, Iterator[bytes]]:
    """(length, bytes) of a body with one DICOM file as its only part, read as it is sent."""
    head = f"--{boundary}\r\nContent-Type: application/dicom\r\n\r\n".encode()
    foot = f"\r\n--{boundary}--\r\n".encode()

    def stream() -> Iterator[bytes]:
        yield head
        with path.open("rb") as file:
            while data := file.read(chunk):
                yield data
        yield foot

    return len(head) + path.stat().st_size + len(foot), stream()
