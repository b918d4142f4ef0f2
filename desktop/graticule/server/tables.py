"""The tables of the central store, the same on SQLite and PostgreSQL.

What a device sent stays byte for byte: text and binary columns only, no JSON type that a database could rewrite.
APPEND_ONLY tables refuse UPDATE and DELETE by trigger; the others hold nothing that could not be computed again.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, Text

SCHEMA_VERSION = 1

metadata = MetaData()

settings = Table("settings", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))

readers = Table(
    "readers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("specialty", Text, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("since_ms", BigInteger, nullable=False),
)

devices = Table(
    "devices",
    metadata,
    Column("id", Text, primary_key=True),
    Column("reader", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("parent", Text, nullable=False),
    Column("since_ms", BigInteger, nullable=False),
)

# One row per device, locked while its entries are taken in: seq and hash are the head of its log here.
heads = Table(
    "heads",
    metadata,
    Column("device", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("hash", Text, nullable=False),
)

# What a device last said of itself.
contacts = Table(
    "contacts",
    metadata,
    Column("device", Text, primary_key=True),
    Column("last_ms", BigInteger, nullable=False),
    Column("outbox", BigInteger, nullable=False),
    Column("app", Text, nullable=False),
    Column("clock_offset_ms", BigInteger, nullable=False),
)

# The device logs, verbatim. identity: what the entry brought (see records), so a re-issued log brings nothing twice.
entries = Table(
    "entries",
    metadata,
    Column("device", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("hash", Text, nullable=False),
    Column("identity", Text, nullable=False),
    Column("line", LargeBinary, nullable=False),
    Column("received_ms", BigInteger, nullable=False),
)

# Everything authentic, once, with its place in its project's log. state: stored, late or quarantined (why says the reason).
records = Table(
    "records",
    metadata,
    Column("identity", Text, primary_key=True),
    Column("project", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("device", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("reader", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("op", Text, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("task", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("why", Text, nullable=False),
    Index("records_by_position", "project", "position", unique=True),
    Index("records_by_reader", "reader", "project", "position"),
)

# One row per project, locked to commit while positions are given. frontier: roots of the full subtrees.
logs = Table(
    "logs",
    metadata,
    Column("project", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("frontier", Text, nullable=False),
)

# The root at every size at which a push ended: a cursor always stands on one of them.
checkpoints = Table(
    "checkpoints",
    metadata,
    Column("project", Text, primary_key=True),
    Column("size", BigInteger, primary_key=True),
    Column("root", Text, nullable=False),
)

blobs = Table(
    "blobs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("frame", LargeBinary, nullable=False),
    Column("received_ms", BigInteger, nullable=False),
)

# Blobs that stored revisions name and that have not arrived; a row goes when its blob comes.
wanted = Table(
    "wanted",
    metadata,
    Column("identity", Text, primary_key=True),
    Column("blob", Text, primary_key=True),
    Column("reader", Text, nullable=False),
    Index("wanted_by_blob", "blob"),
    Index("wanted_by_reader", "reader"),
)

# Lines that do not continue their device's chain: kept for whoever investigates, acknowledged to nobody.
damaged = Table(
    "damaged",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("device", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("why", Text, nullable=False),
    Column("line", LargeBinary, nullable=False),
    Column("received_ms", BigInteger, nullable=False),
)

# A higher version of the same assignment replaces it; nothing is taken back. open: 1 or 0 (revoked, or its round is closed).
assignments = Table(
    "assignments",
    metadata,
    Column("project", Text, primary_key=True),
    Column("case_id", Text, primary_key=True),
    Column("reader", Text, primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("role", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("protocol", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("open", Integer, nullable=False),
    Index("assignments_by_reader", "reader", "project"),
)

APPEND_ONLY = (readers, devices, entries, records, checkpoints, blobs, damaged, assignments)
