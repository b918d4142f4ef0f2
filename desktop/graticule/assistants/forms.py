"""The two parts of a MONAI Label answer: fields and files of a multipart/form-data body that is in memory already."""

from dataclasses import dataclass
from email.message import Message

from graticule.assistants.faults import garbled

_MOST_PARTS = 16


@dataclass(frozen=True, slots=True)
class FormPart:
    """name: of the field; file: the file's name, "" for a plain field."""

    name: str
    file: str
    content: bytes


def parts_of(content: bytes, content_type: str) -> list[FormPart]:
    """Every part of the body; GraticuleError when it breaks off or is none."""
    boundary = _parameter("content-type", content_type, "boundary")
    if not boundary:
        raise garbled()
    pieces = (b"\r\n" + content).split(b"\r\n--" + boundary.encode("latin-1", "replace"))
    if len(pieces) < 3 or len(pieces) > _MOST_PARTS or not pieces[-1].startswith(b"--"):
        raise garbled()
    return [_part(piece) for piece in pieces[1:-1]]


def _part(piece: bytes) -> FormPart:
    head, blank, content = piece.lstrip(b"\r\n").partition(b"\r\n\r\n")
    if not blank:
        raise garbled()
    lines = [line.partition(b":") for line in head.split(b"\r\n")]
    disposition = next((value for key, _, value in lines if key.strip().lower() == b"content-disposition"), b"")
    text = disposition.decode("utf-8", "replace").strip()
    return FormPart(_parameter("content-disposition", text, "name"), _parameter("content-disposition", text, "filename"), content)


def _parameter(header: str, text: str, name: str) -> str:
    message = Message()
    message[header] = text.replace("\r", " ").replace("\n", " ")
    found = message.get_param(name, header=header)
    return found if isinstance(found, str) else ""
