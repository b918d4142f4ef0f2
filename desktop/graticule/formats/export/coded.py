"""Graticule's codes as DICOM codes: by crosswalk to SNOMED CT where there is one, as a private code where there is none."""

from functools import cache

from pydicom.sr.codedict import codes

from graticule.domain.codes import OWN_SCHEME, Code, Concept, Ontology

# A private scheme's designator begins with 99 (PS3.16 8.2).
PRIVATE_SCHEME = "99GRATICULE"
_MEANING_CHARACTERS = 64


def dicom_code(code: Code, ontology: Ontology) -> tuple[str, str, str]:
    """(value, scheme designator, meaning) of a code."""
    if code.scheme == OWN_SCHEME:
        concept = ontology.find(code)
        for value in (concept.crosswalk.get("SCT", ()) if concept else ())[:1]:
            return value, "SCT", _short(ontology.label(code))
        return code.code, PRIVATE_SCHEME, _short(ontology.label(code))
    return code.code, code.scheme, _short(_meaning(code, ontology))


def _meaning(code: Code, ontology: Ontology) -> str:
    """The words of a foreign code: from our own crosswalk, from DICOM's dictionary, or the code itself."""
    concept = _crosswalked(ontology).get((code.scheme, code.code))
    return concept.label if concept else _dictionary(code.scheme).get(code.code, code.code)


def _crosswalked(ontology: Ontology) -> dict[tuple[str, str], Concept]:
    return {(scheme, value): concept for concept in ontology for scheme, values in concept.crosswalk.items() for value in values}


@cache
def _dictionary(scheme: str) -> dict[str, str]:
    """Value → meaning of a scheme in DICOM's own dictionary; empty for schemes it does not have."""
    table = getattr(codes, scheme, None) if scheme in ("SCT", "DCM", "UCUM", "NCIt") else None
    found = [getattr(table, name) for name in dir(table)] if table is not None else []
    words: dict[str, str] = {}
    for concept in found:
        if hasattr(concept, "meaning") and len(concept.meaning) < len(words.get(concept.value, concept.meaning + " ")):
            words[concept.value] = concept.meaning  # the shortest of several: "Liver", not "Liver structure (body structure)"
    return words


def _short(text: str) -> str:
    return text[:_MEANING_CHARACTERS] or "Unnamed"
