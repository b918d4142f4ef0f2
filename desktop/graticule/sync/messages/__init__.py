"""What desk and server say to each other: parsed, checked and formatted, without any I/O. Both sides use these very classes.

The shapes are version 1 and frozen: a server accepts them for the life of the product (decision 0004). Fields may be added, never
renamed; a reader of a message ignores fields it does not know.
"""

from graticule.sync.messages.enrolment import Enrolment, Handover, ReaderCard, handover_statement
from graticule.sync.messages.faults import MessageFault, fault_document, read_fault
from graticule.sync.messages.fields import Head
from graticule.sync.messages.fleet import FleetRow
from graticule.sync.messages.hello import PROTOCOL_MAX, PROTOCOL_MIN, DeskStatus, Hello, Limits, LogHead, server_id
from graticule.sync.messages.pull import Cursor, OwnEntry, PullPage
from graticule.sync.messages.push import BlobLine, PushRequest
from graticule.sync.messages.receipt import Behind, Broken, Fork, Receipt, Result, sign_receipt
from graticule.sync.messages.request import SignedRequest, request_statement

__all__ = [
    "PROTOCOL_MAX",
    "PROTOCOL_MIN",
    "Behind",
    "BlobLine",
    "Broken",
    "Cursor",
    "DeskStatus",
    "Enrolment",
    "FleetRow",
    "Fork",
    "Handover",
    "Head",
    "Hello",
    "Limits",
    "LogHead",
    "MessageFault",
    "OwnEntry",
    "PullPage",
    "PushRequest",
    "ReaderCard",
    "Receipt",
    "Result",
    "SignedRequest",
    "fault_document",
    "handover_statement",
    "read_fault",
    "request_statement",
    "server_id",
    "sign_receipt",
]
