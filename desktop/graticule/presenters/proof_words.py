"""What a second reader found, in words for the screen: patterns of sentences, each with its place in the catalogue."""

import re

from graticule.presenters.exporting import Line, ReadBack

_PATTERNS = tuple((re.compile(pattern), words) for pattern, words in (
    (r"equal: (\d+) voxels(?: in \d+ segments?)?$", "{a} voxels equal"),
    (r"equal: (\d+) voxels, corners within ([\d.]+) mm$", "{a} voxels equal, corners within {b} mm"),
    (r"equal: (\d+) voxels on the same grid$", "{a} voxels equal, on the same grid"),
    (r"(.*): equal: (\d+) voxels; surface ([\d.]+) mm off at most, ([\d.]+) mm on average; volume ([-+\d.]+) ml$",
     "{a}: {b} voxels equal; surface {c} mm off at most, {d} mm on average; volume {e} mL"),
    (r"(.*): (\d+) of (\d+) voxels differ; surface ([\d.]+) mm off at most, ([\d.]+) mm on average; volume ([-+\d.]+) ml$",
     "{a}: {b} of {c} voxels differ; surface {d} mm off at most, {e} mm on average; volume {f} mL"),
    (r"equal: (\d+) values of 1 to (\d+) in \d+ segments$", "{a} values of 1 to {b} equal"),
    (r"equal: (\d+) points of (\d+) contours in (\d+) regions$", "{a} points of {b} contours equal"),
    (r"equal: (\d+) values, (\d+) segments by their tracking UIDs$", "{a} values equal, segments by their tracking UIDs: {b}"),
    (r"equal: (\d+) segments with their volumes$", "segments equal, with their volumes: {a}"),
    (r"equal: (\d+) masks, (\d+) pixels$", "{b} pixels in {a} masks equal"),
    (r"equal: (\d+) triangles, corners within ([\d.]+) mm$", "{a} triangles equal, corners within {b} mm"),
    (r"(.*): closed, (\d+) triangles, ([\d.]+) ml; the voxels are ([\d.]+) ml$",
     "{a}: closed, {b} triangles, {c} mL; the voxels are {d} mL"),
    (r"equal: (\d+) rows, (\d+) columns$", "{a} rows of {b} columns equal"),
    (r"equal: (\d+) rows$", "{a} rows equal"),
    (r"equal: (\d+) leads × (\d+) samples, (\d+) annotations at the same sample numbers$",
     "{a} leads of {b} samples equal, {c} annotations at the same places"),
    (r"equal: (\d+) leads × (\d+) samples, (\d+) annotations at the same sample numbers; (\d+) labels whole with the JSON file$",
     "{a} leads of {b} samples equal, {c} annotations at the same places; {d} labels whole with the JSON file"),
    (r"equal: (\d+) leads × (\d+) samples, (\d+) beats and (\d+) episodes(?: at the same sample numbers)?$",
     "{a} leads of {b} samples equal, {c} beats and {d} episodes at the same places"),
    (r"equal: (\d+) beats and (\d+) episodes(?: with codes, places and tracking UIDs)?$", "{a} beats and {b} episodes equal"),
    (r"equal: a tree of (\d+) items, (\d+) of them with temporal coordinates$", "{b} annotations with their times equal"),
    (r"equal: (\d+) annotations, (\d+) leads × (\d+) samples$", "{a} annotations equal, {b} leads of {c} samples equal"),
    (r"equal: (\d+) annotations$", "{a} annotations equal"),
    (r"equal: (\d+) sheets of (.+), each with its speed and gain$", "{a} sheets of {b}, each with its speed and gain"),
    (r"does not know this kind of report$", "does not know this kind of report"),
    (r"without the samples, which EDF\+ cannot hold exactly$", "without the samples, which EDF+ cannot hold exactly"),
    (r"equal: every value$", "every value equal"),
    (r"equal: (\d+) elements$", "{a} elements equal"),
    (r"equal: (\d+) segments$", "{a} segments equal"),
    (r"not available on this computer$", "not available on this computer"),
    (r"no errors$", "0 errors"),
    (r"no errors; (\d+) that the image has too$", "0 errors of its own, {a} that the image has too"),
))


def told(reading: ReadBack) -> Line:
    """"{a} voxels equal" with its numbers; a sentence that no pattern fits stays as it is."""
    for pattern, words in _PATTERNS:
        found = pattern.match(reading.result)
        if found:
            return Line(words, dict(zip("abcdef", map(_grouped, found.groups()), strict=False)))
    return Line("{a}", {"a": reading.result})


def _grouped(text: str) -> str:
    return f"{int(text):,}" if text.isdigit() else text
