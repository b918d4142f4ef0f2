"""DICOM objects as GDCM parses them: a second reader of what pydicom wrote."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graticule.domain.errors import GraticuleError


class GdcmItem:
    """A data set or an item of a sequence. Elements by (group, number)."""

    def __init__(self, data: Any, kept: Any = None) -> None:
        """kept: what `data` is a part of, and must outlive it."""
        self._data, self._kept = data, kept

    def text(self, group: int, number: int) -> str:
        """The element's characters without padding, "" when it is absent or empty."""
        element = self._element(group, number)
        value = None if element is None else element.GetByteValue()
        return "" if value is None else str(value).rstrip(" \0")

    def data(self, group: int, number: int) -> bytes:
        """The element's bytes as they are, b"" when it is absent or empty."""
        element = self._element(group, number)
        value = None if element is None else element.GetByteValue()
        return b"" if value is None else bytes(value.GetBuffer().encode("utf-8", "surrogateescape"))

    def items(self, group: int, number: int) -> Iterator["GdcmItem"]:
        element = self._element(group, number)
        if element is None:
            return
        sequence = element.GetValueAsSQ()
        for place in range(1, 1 + sequence.GetNumberOfItems()):
            yield GdcmItem(sequence.GetItem(place).GetNestedDataSet(), (sequence, self))

    def _element(self, group: int, number: int) -> Any:
        import gdcm

        tag = gdcm.Tag(group, number)
        return self._data.GetDataElement(tag) if self._data.FindDataElement(tag) else None


class GdcmFile(GdcmItem):
    """The file is kept as long as this object: items point into it."""

    def __init__(self, path: Path) -> None:
        """GraticuleError when GDCM cannot read it."""
        import gdcm

        self._reader = gdcm.Reader()
        self._reader.SetFileName(str(path))
        if not self._reader.Read():
            raise GraticuleError("GDCM cannot read the file.")
        self._file = self._reader.GetFile()
        super().__init__(self._file.GetDataSet())
