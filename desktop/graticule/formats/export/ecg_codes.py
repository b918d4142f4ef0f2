"""Codes of ECG labels for DICOM: MDC where ISO/IEEE 11073-10102 has one, and our own slug beside it, which says it exactly.

Several of our concepts may share an MDC code (an escape rhythm and an idioventricular one do), and some have none.
"""

from dataclasses import dataclass
from functools import cache

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from graticule.domain.codes import OWN_SCHEME, Code, Concept, Ontology
from graticule.domain.elements import Beat, Episode
from graticule.formats.export.coded import PRIVATE_SCHEME
from graticule.formats.export.dicom_object import concept, item
from graticule.resources import load_ontology

MDC = "MDC"
_MOST_LETTERS = 64


@dataclass(frozen=True, slots=True)
class EcgCode:
    """mdc: "" where the nomenclature has none. own: our slug, or a foreign code as it came (`own_scheme`)."""

    mdc: str
    own: str
    own_scheme: str
    meaning: str

    @property
    def scheme(self) -> str:
        """The scheme a reader meets first."""
        return MDC if self.mdc else self.own_scheme

    @property
    def value(self) -> str:
        return self.mdc or self.own


def beat_code(beat: Beat) -> EcgCode:
    """By the WFDB symbol; a symbol that no table knows keeps its letter."""
    found = _beats().get(beat.symbol)
    if found is None:
        return EcgCode("", beat.symbol, PRIVATE_SCHEME, f"Beat {beat.symbol}")
    return _of(found)


def beat_concept(symbol: str) -> Concept | None:
    return _beats().get(symbol)


def episode_code(episode: Episode, ontology: Ontology) -> EcgCode:
    found = ontology.find(episode.code) or _all().find(episode.code)
    if found is None:
        scheme = PRIVATE_SCHEME if episode.code.scheme == OWN_SCHEME else episode.code.scheme
        return EcgCode("", episode.code.code, scheme, episode.code.code[:_MOST_LETTERS])
    return _of(found)


def code_sequence(code: EcgCode) -> Sequence:
    """One item: MDC with our own code as its equivalent (PS3.3 8.8), or our own alone."""
    made = concept(code.value, code.scheme, code.meaning)
    if code.mdc:
        made[0].EquivalentCodeSequence = concept(code.own, code.own_scheme, code.meaning)
    return made


def own_code_item(code: EcgCode) -> Dataset:
    return concept(code.own, code.own_scheme, code.meaning)[0]


def scheme_identification() -> Sequence:
    """What our private scheme is (PS3.3 C.12.1), as an object that uses it must say."""
    return Sequence([item(CodingSchemeDesignator=PRIVATE_SCHEME, CodingSchemeName="Graticule label codes",
                          CodingSchemeResponsibleOrganization="Graticule")])


def _of(found: Concept) -> EcgCode:
    mdc = next(iter(found.crosswalk.get(MDC, ())), "")
    return EcgCode(mdc, found.code.code, PRIVATE_SCHEME, found.label[:_MOST_LETTERS])


@cache
def _all() -> Ontology:
    return load_ontology("beats", "rhythm", "ecg_tracks")


@cache
def _beats() -> dict[str, Concept]:
    return {symbol: found for found in load_ontology("beats") for symbol in found.crosswalk.get("WFDB", ())}


@cache
def by_own_code() -> dict[str, Code]:
    """Slug → our code, of every table that says something about an ECG's time."""
    return {found.code.code: found.code for found in _all()}
