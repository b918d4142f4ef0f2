"""Do the acts of each case form one unbroken chain, fit each other, and lead to what was saved and signed?"""

from collections.abc import Iterator

from graticule.domain.acts import Act, Row
from graticule.domain.edits import apply
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.records.canonical import parse
from graticule.records.chain import START, chain_hash
from graticule.records.edits import decode_edit
from graticule.records.ids import sha256_hex
from graticule.records.payload import FIELDS, encode_labels, payload_grid, read_payload
from graticule.records.revision import ATTEST, JOURNAL_ROLE
from graticule.store.audit import Audit, Kept, Problem
from graticule.store.journal import link_body
from graticule.store.reads import Reads
from graticule.store.segment import decode_segment

WHAT = "Edit journal"


def check_journals(audit: Audit) -> Iterator[Problem]:
    for (case_id,) in audit.database.all("SELECT case_id FROM journal UNION SELECT case_id FROM reads ORDER BY case_id"):
        links: dict[int, bytes] = {}
        yield from _check_chain(audit, case_id, links)
        yield from _check_states(audit, case_id)
        yield from _check_segments(audit, case_id, links)


def _check_chain(audit: Audit, case_id: str, links: dict[int, bytes]) -> Iterator[Problem]:
    prev, last = START, 0
    for seq, act, of, title, wall, link, edit in _rows(audit, case_id):
        audit.look()
        if seq != last + 1:
            yield Problem(WHAT, audit.case(case_id), f"Acts {last + 1} to {seq - 1} are missing.")
        links[seq] = link_body(case_id, Row(seq, Act(act), of, title), wall, edit)
        if chain_hash(prev, links[seq]) != link:
            yield Problem(WHAT, f"{audit.case(case_id)}, act {seq}", "It was changed after it was written, or put in later.")
        prev, last = link, seq
    read = Reads(audit.database).get(case_id)
    if (read.acts, read.chain_head) != (last, prev):
        yield Problem(WHAT, audit.case(case_id),
                      f"It should end with act {read.acts}, but ends with act {last}, or that act was changed.")


def _check_states(audit: Audit, case_id: str) -> Iterator[Problem]:
    """Replay the acts; at every saved version the labels must be the saved ones, byte for byte."""
    saved: dict[int, list[Kept]] = {}
    for kept in audit.revisions.values():
        if kept.case_id == case_id and not kept.source:
            saved.setdefault(kept.acts, []).append(kept)
    labels = Labels(Reads(audit.database).get(case_id).shape)
    for kept in saved.get(0, ()):
        yield from _compare(audit, labels, kept)
    for seq, *_, edit in _rows(audit, case_id):
        try:
            apply(labels, decode_edit(edit))
        except GraticuleError as fault:
            yield Problem(WHAT, f"{audit.case(case_id)}, act {seq}", f"It does not fit the acts before it. {fault.message}")
            return
        for kept in saved.get(seq, ()):
            yield from _compare(audit, labels, kept)


def _compare(audit: Audit, labels: Labels, kept: Kept) -> Iterator[Problem]:
    try:
        payload = audit.blobs.get(kept.payload)
        labels.extra = {name: value for name, value in read_payload(payload).items() if name not in FIELDS}
        same = encode_labels(labels, payload_grid(payload)).id == kept.payload
    except GraticuleError:
        return  # The piece of data itself is reported by its own check.
    if not same:
        yield Problem("Saved version", audit.version(kept), "Its labels are not the ones that the acts before it lead to.")


def _check_segments(audit: Audit, case_id: str, links: dict[int, bytes]) -> Iterator[Problem]:
    """The acts that travel as evidence with each signature are those of the journal, from the signature before on."""
    signed = 0
    for kept in audit.revisions.values():
        if kept.case_id != case_id or kept.op != ATTEST or kept.header is None:
            continue
        audit.look()
        pieces = [blob.id for blob in kept.header.blobs if blob.role == JOURNAL_ROLE]
        try:
            sent = {int(parse(link)["seq"]): (link, parse(link)["edit"] == sha256_hex(edit))
                    for piece in pieces for link, edit in decode_segment(audit.blobs.get(piece))}
        except GraticuleError as fault:
            yield Problem("Signed version", audit.version(kept), f"The acts that belong to it cannot be read. {fault.message}")
            continue
        if sent != {seq: (links.get(seq), True) for seq in range(signed + 1, kept.acts + 1)}:
            yield Problem("Signed version", audit.version(kept),
                          "The acts that were signed with it are not those of the edit journal.")
        signed = kept.acts


def _rows(audit: Audit, case_id: str) -> Iterator[tuple[int, str, int, str, str, str, bytes]]:
    for (number,) in audit.database.all("SELECT number FROM journal WHERE case_id = ? ORDER BY seq", (case_id,)):
        row = audit.database.one("SELECT seq, act, concerns, title, wall, hash, edit FROM journal WHERE number = ?", (number,))
        if row is not None:
            yield row[0], row[1], row[2], row[3], row[4], row[5], bytes(row[6])
