"""The text header of a MetaImage file (itk.org/Wiki/MetaIO/Documentation): "Key = value" up to ElementDataFile."""

from dataclasses import dataclass
from pathlib import Path

from graticule.domain.errors import GraticuleError

_LONGEST = 1 << 20
_LAST = "elementdatafile"
_DAMAGED = ("The MetaImage file is damaged: its header cannot be read.", "Copy it again from its source.")


@dataclass(frozen=True, slots=True)
class MetaHeader:
    """fields: by their name in lower case. start: bytes before the voxels, when these are in the same file."""

    fields: dict[str, str]
    start: int

    def text(self, name: str) -> str:
        return self.fields.get(name, "")

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in ("true", "1", "yes")

    def integer(self, name: str, default: int) -> int:
        try:
            return int(self.text(name) or default)
        except ValueError as error:
            raise GraticuleError(*_DAMAGED) from error

    def numbers(self, *names: str) -> list[float]:
        """The numbers of the first of `names` that the file has; [] when it has none."""
        text = next((self.fields[name] for name in names if name in self.fields), "")
        try:
            return [float(word) for word in text.split()]
        except ValueError as error:
            raise GraticuleError(*_DAMAGED) from error

    def sizes(self) -> list[int]:
        try:
            sizes = [int(word) for word in self.fields["dimsize"].split()]
            if len(sizes) != int(self.fields["ndims"]):
                raise ValueError
        except (KeyError, ValueError) as error:
            raise GraticuleError(*_DAMAGED) from error
        if len(sizes) not in (2, 3, 4):
            raise GraticuleError(f"A MetaImage file of {len(sizes)} dimensions: Graticule reads two, three and four.",
                                 "Save each of its volumes by itself.")
        return sizes


def read_header(path: Path) -> MetaHeader:
    """GraticuleError when the file does not begin like a MetaImage file, or never says where its voxels are."""
    try:
        with path.open("rb") as file:
            data = file.read(_LONGEST)
    except OSError as error:
        raise GraticuleError("The file cannot be read.", "Check that it still exists and that you may open it.") from error
    fields: dict[str, str] = {}
    place = 0
    while _LAST not in fields:
        end = data.find(b"\n", place)
        line, place = (data[place:end], end + 1) if end >= 0 else (data[place:], len(data))
        name, equals, value = line.decode("utf-8", errors="replace").partition("=")
        if not equals and (line.strip() or end < 0):
            raise GraticuleError(*_DAMAGED)
        fields.setdefault(name.strip().lower(), value.strip())
        if end < 0:
            break
    if not fields.get(_LAST) or fields.get("objecttype", "image").lower() != "image":
        raise GraticuleError(*_DAMAGED)
    return MetaHeader(fields, place)
