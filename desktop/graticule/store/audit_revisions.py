"""Does every saved version carry its own name, its parts and, where signed, a signature that holds?"""

from collections.abc import Iterator

from graticule.domain.errors import GraticuleError
from graticule.records.canonical import canonical, parse
from graticule.records.ids import protocol_id
from graticule.records.revision import ATTEST, Header, check_attestation
from graticule.store.audit import Audit, Kept, Problem
from graticule.store.reads import Reads


def check_revisions(audit: Audit) -> Iterator[Problem]:
    for kept in audit.revisions.values():
        audit.look()
        what = "Signed version" if kept.op == ATTEST else "Saved version"
        if kept.header is None:
            yield Problem(what, audit.version(kept), kept.fault)
            continue
        for why in _faults(audit, kept, kept.header):
            yield Problem(what, audit.version(kept), why)


def check_protocols(audit: Audit) -> Iterator[Problem]:
    for name, document in audit.database.all("SELECT id, document FROM protocols"):
        audit.look()
        try:
            same = protocol_id(parse(document)) == name
        except GraticuleError:
            same = False
        if not same:
            yield Problem("Protocol", name[:11], "It was changed after it was stored: its content no longer gives its name.")
    unknown = {kept.header.protocol for kept in audit.revisions.values() if kept.header}
    for name in sorted(unknown - {row[0] for row in audit.database.all("SELECT id FROM protocols")}):
        yield Problem("Protocol", name[:11], "Versions were made under it, but it is not in the store.")


def check_reads(audit: Audit) -> Iterator[Problem]:
    """What the worklist says of each case follows from its versions."""
    newest: dict[str, Kept] = {}
    for kept in audit.revisions.values():
        if kept.op == ATTEST:
            newest[kept.case_id] = kept
    for (case_id,) in audit.database.all("SELECT case_id FROM reads ORDER BY case_id"):
        audit.look()
        read, signed = Reads(audit.database).get(case_id), newest.get(case_id)
        if (read.attest, read.signed_acts) != ((signed.id, signed.acts) if signed else (None, 0)):
            yield Problem("Worklist", audit.case(case_id), "What it says of the signature is not what was signed.")
        if read.put is not None and (read.put not in audit.revisions or audit.revisions[read.put].case_id != case_id):
            yield Problem("Worklist", audit.case(case_id), "It names a saved version that is not there.")


def _faults(audit: Audit, kept: Kept, header: Header) -> Iterator[str]:
    if header.id != kept.id or canonical(header.as_json()) != kept.data:
        yield "It was changed after it was saved: its content no longer gives its name."
    listed = (kept.case_id, kept.op, kept.source, kept.payload, kept.wall)
    if (header.case, header.op, header.source, header.payload, header.wall) != listed:
        yield "It is listed under another case, time or content than its own."
    if header.slot.reader != audit.reader.id:
        yield "It was made by another reader than the one of this store."
    if any(parent not in audit.revisions for parent in header.parents):
        yield "The version it was made from is missing."
    missing = audit.blobs.missing([kept.payload, *audit.names(kept)])
    if missing:
        yield f"{len(missing)} of its pieces are missing." if len(missing) > 1 else "One of its pieces is missing."
    if header.op == ATTEST:
        yield from _signature_faults(audit, header)


def _signature_faults(audit: Audit, header: Header) -> Iterator[str]:
    fault = check_attestation(header, audit.reader.public_key)
    if fault:
        yield f"Its signature does not hold. {fault}"
    parent = audit.revisions.get(header.parents[0]) if header.parents else None
    if parent is not None and parent.payload != header.payload:
        yield "It signs other labels than the saved version it names."
