"""Coded meaning. A label stores (scheme, code, version); the words for it are looked up."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from graticule.domain.errors import GraticuleError

OWN_SCHEME = "graticule"


@dataclass(frozen=True, slots=True, order=True)
class Code:
    """One concept. `version` is that of the table the code was taken from."""

    scheme: str
    code: str
    version: str

    def as_json(self) -> list[str]:
        return [self.scheme, self.code, self.version]

    @classmethod
    def from_json(cls, value: Iterable[str]) -> "Code":
        scheme, code, version = value
        return cls(scheme, code, version)


@dataclass(frozen=True, slots=True)
class Concept:
    """A row of an ontology table: a code, its words and what other vocabularies call it.

    `crosswalk` maps a vocabulary ("SCT", "MDC", "WFDB", "AHA", "SCP") to its codes for this concept:
    none where no code was found, several where sources conflict. sources: where a code was taken from, by code or, for a whole
    vocabulary, by its name. conflict: how published lists disagree about this concept, "" where they do not; what is stored and
    compared is our own slug, whatever they say.
    """

    code: Code
    label: str
    track: str = ""
    key: str = ""
    synonyms: tuple[str, ...] = ()
    colour: str = ""
    definition: str = ""
    crosswalk: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    conflict: str = ""

    def source_of(self, vocabulary: str, code: str) -> str:
        """Which list a code of the crosswalk stands in; "" when the table does not say."""
        return self.sources.get(code) or self.sources.get(vocabulary, "")


class Ontology:
    """The concepts a protocol may use, in table order; searched by a few typed letters."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self._by_code = {concept.code: concept for concept in concepts}
        self._by_slug = {concept.code.code: concept for concept in self._by_code.values()}

    def __iter__(self) -> Iterator[Concept]:
        return iter(self._by_code.values())

    def __len__(self) -> int:
        return len(self._by_code)

    def track(self, name: str) -> list[Concept]:
        return [concept for concept in self if concept.track == name]

    def find(self, code: Code) -> Concept | None:
        """The concept for a code, or the one of the same slug in another version of the table."""
        return self._by_code.get(code) or (self._by_slug.get(code.code) if code.scheme == OWN_SCHEME else None)

    def slug(self, slug: str) -> Concept:
        if slug not in self._by_slug:
            raise GraticuleError(f"“{slug}” is not a code of this ontology.", "Choose one from the list.")
        return self._by_slug[slug]

    def label(self, code: Code) -> str:
        concept = self.find(code)
        return concept.label if concept else f"{code.scheme}:{code.code}"

    def search(self, typed: str, track: str = "") -> list[Concept]:
        """Concepts that the typed letters fit, best first: key, slug start, word start, then anywhere.

        Letters need not be adjacent to a word's start in the slug: "mob2" finds `avb2_mobitz2`.
        """
        pool = self.track(track) if track else list(self)
        wanted = typed.strip().lower()
        if not wanted:
            return pool
        ranked = [(rank, order, concept) for order, concept in enumerate(pool)
                  if (rank := _rank(concept, wanted)) is not None]
        return [concept for _, _, concept in sorted(ranked, key=lambda row: row[:2])]


def _rank(concept: Concept, wanted: str) -> int | None:
    slug, label = concept.code.code.lower(), concept.label.lower()
    words = [*label.replace("(", " ").replace("-", " ").split(), *slug.split("_"), *(s.lower() for s in concept.synonyms)]
    if wanted in (slug, concept.key.lower(), *(s.lower() for s in concept.synonyms)):
        return 0
    if slug.startswith(wanted) or label.startswith(wanted):
        return 1
    if any(word.startswith(wanted) for word in words):
        return 2
    if wanted in label or wanted in slug:
        return 3
    return 4 if _is_subsequence(wanted, slug.replace("_", "")) else None


def _is_subsequence(wanted: str, text: str) -> bool:
    letters = iter(text)
    return all(letter in letters for letter in wanted)
