"""Labels leave as files that other programs read; each file is read back before it is reported."""

from graticule.formats.export.registry import FORMATS, export

__all__ = ["FORMATS", "export"]
