"""Does the store still hold the proof of every export that its log speaks of, and do both say the same?"""

from collections.abc import Iterator

from graticule.domain.errors import GraticuleError
from graticule.records.canonical import parse
from graticule.records.entry import read_entry
from graticule.records.event import Event
from graticule.store.audit import Audit, Problem
from graticule.store.exports import EXPORT

WHAT = "Export"


def check_exports(audit: Audit) -> Iterator[Problem]:
    rows = audit.database.all("SELECT device, seq, line FROM entries WHERE kind = 'event' ORDER BY device, seq")
    for device, seq, line in rows:
        try:
            event = read_entry(bytes(line)).event()
        except GraticuleError:
            continue  # the check of the log names it
        if event.event == EXPORT:
            audit.look()
            fault = _fault(audit, event)
            if fault:
                yield Problem(WHAT, f"{audit.case(str(event.data.get('case', '')))}, device {device[:13]}, entry {seq}", fault)


def _fault(audit: Audit, event: Event) -> str:
    try:
        proof = parse(audit.blobs.get(str(event.data.get("proof", ""))))
    except GraticuleError:
        return "The proof of these files is missing or damaged."
    files = proof.get("files") if isinstance(proof, dict) else None
    said = [file.get("sha256") for file in event.data.get("files", ())]
    kept = [file.get("sha256") for file in files] if isinstance(files, list) else None
    return "" if said == kept else "The proof speaks of other files than the log."
