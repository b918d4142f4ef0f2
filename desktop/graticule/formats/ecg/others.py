"""ECG formats that are recognised and refused by name, so that nobody wonders what became of a file."""

_MARKS: tuple[tuple[str, bytes, int | None], ...] = (
    # name, bytes to find, where (None: anywhere in the beginning of a text file)
    ("EDF", b"0       ", 0), ("BDF", b"\xffBIOSEMI", 0), ("MFER", b"@ MFR", 0), ("Mortara", b"<ECG ACQUISITION", None),
)


def refused_name(head: bytes) -> str:
    """The format's name, or "" when the file is none of these. head: the first 4,096 bytes."""
    text = head.replace(b"\0", b"")
    for name, mark, at in _MARKS:
        if (head[at: at + len(mark)] == mark) if at is not None else mark in text:
            return name
    return ""
