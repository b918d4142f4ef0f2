"""Who labelled an ECG, and in which part: reader, reviewer or adjudicator, as far as this store knows."""

from graticule.commands.label_sources import READER, Found
from graticule.domain.case import Case
from graticule.formats.export.dicom_ecg_report import ADJUDICATOR, REVIEWER
from graticule.formats.export.dicom_ecg_report import READER as READS
from graticule.formats.export.makers import Maker
from graticule.store.store import Store


def observers_of_case(store: Store, case: Case, found: Found) -> tuple[Maker, ...]:
    """In order of time; () for labels out of a file, which name nobody. Who signed another's read, reviewed it."""
    if found.source != READER:
        return ()
    protocol, _ = store.protocols.current()
    assigned = store.assignments.of(case.id, protocol, store.reader.id)
    own = ADJUDICATOR if assigned is not None and assigned.role == ADJUDICATOR else READS
    signed = [row.author for row in store.labels.revisions(case.id) if row.signed]
    people = list(dict.fromkeys([*signed, found.author]))
    return tuple(Maker(person, own if not number else ADJUDICATOR if own == ADJUDICATOR else REVIEWER)
                 for number, person in enumerate(people))
