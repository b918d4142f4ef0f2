"""Step 1 of the schema. Released: never edit it, add a step in migrations.py."""

# What was said and done: nothing in these tables is ever changed or removed.
APPEND_ONLY = ("journal", "blobs", "revisions", "entries", "protocols")

_TABLES = """
CREATE TABLE facts (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE reader (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  specialty TEXT NOT NULL,
  public_key BLOB NOT NULL CHECK (length(public_key) = 32),
  secret BLOB CHECK (length(secret) = 32),
  slot TEXT,
  CHECK ((secret IS NULL) <> (slot IS NULL))
) STRICT;

CREATE TABLE devices (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  parent TEXT NOT NULL,
  secret BLOB NOT NULL CHECK (length(secret) = 32),
  public_key BLOB NOT NULL CHECK (length(public_key) = 32)
) STRICT;

CREATE TABLE cases (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  position INTEGER NOT NULL,
  document TEXT NOT NULL
) STRICT;

CREATE TABLE protocols (
  id TEXT PRIMARY KEY,
  document BLOB NOT NULL
) STRICT;

CREATE TABLE assignments (
  project TEXT NOT NULL,
  protocol TEXT NOT NULL,
  case_id TEXT NOT NULL,
  reader TEXT NOT NULL,
  round INTEGER NOT NULL CHECK (round > 0),
  role TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (case_id, protocol, reader, round)
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
  number INTEGER PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES cases (id),
  seq INTEGER NOT NULL CHECK (seq > 0),
  act TEXT NOT NULL CHECK (act IN ('do', 'undo', 'redo')),
  concerns INTEGER NOT NULL CHECK (concerns >= 0 AND concerns < seq),
  title TEXT NOT NULL,
  wall TEXT NOT NULL,
  hash TEXT NOT NULL CHECK (length(hash) = 64),
  edit BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX journal_place ON journal (case_id, seq);

CREATE TABLE reads (
  case_id TEXT PRIMARY KEY REFERENCES cases (id),
  version INTEGER NOT NULL DEFAULT 1 CHECK (version > 0),
  finished INTEGER NOT NULL DEFAULT 0 CHECK (finished IN (0, 1)),
  correcting INTEGER NOT NULL DEFAULT 0 CHECK (correcting IN (0, 1)),
  reason TEXT NOT NULL DEFAULT '',
  acts INTEGER NOT NULL DEFAULT 0,
  acts_hash TEXT NOT NULL DEFAULT '',
  put TEXT REFERENCES revisions (id),
  put_acts INTEGER NOT NULL DEFAULT 0,
  attest TEXT REFERENCES revisions (id),
  signed_acts INTEGER NOT NULL DEFAULT 0,
  shape TEXT NOT NULL DEFAULT 'null',
  saved_with TEXT NOT NULL DEFAULT 'null'
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoints (
  case_id TEXT PRIMARY KEY REFERENCES cases (id),
  acts INTEGER NOT NULL,
  state BLOB NOT NULL
) STRICT;

CREATE TABLE blobs (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  size INTEGER NOT NULL CHECK (size >= 0),
  frame BLOB NOT NULL
) STRICT;

CREATE TABLE revisions (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  case_id TEXT NOT NULL REFERENCES cases (id),
  op TEXT NOT NULL CHECK (op IN ('put', 'withdraw', 'attest', 'resolve')),
  source TEXT NOT NULL,
  author TEXT NOT NULL,
  version INTEGER NOT NULL,
  acts INTEGER NOT NULL,
  payload TEXT NOT NULL REFERENCES blobs (id),
  wall TEXT NOT NULL,
  header BLOB NOT NULL
) STRICT;
CREATE INDEX revisions_case ON revisions (case_id);

CREATE TABLE entries (
  device TEXT NOT NULL REFERENCES devices (id),
  seq INTEGER NOT NULL CHECK (seq > 0),
  kind TEXT NOT NULL CHECK (kind IN ('revision', 'event')),
  ref TEXT NOT NULL,
  hlc TEXT NOT NULL,
  hash TEXT NOT NULL CHECK (length(hash) = 64),
  line BLOB NOT NULL,
  PRIMARY KEY (device, seq)
) STRICT;
CREATE INDEX entries_ref ON entries (ref, device);

CREATE TABLE looks (
  number INTEGER PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES cases (id),
  look TEXT NOT NULL
) STRICT;
CREATE INDEX looks_case ON looks (case_id);

CREATE TABLE view_state (
  case_id TEXT PRIMARY KEY,
  state TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_state (
  device TEXT PRIMARY KEY REFERENCES devices (id),
  server TEXT NOT NULL DEFAULT '',
  timeline TEXT NOT NULL DEFAULT '',
  acknowledged INTEGER NOT NULL DEFAULT 0,
  acknowledged_hash TEXT NOT NULL DEFAULT '',
  backed_up INTEGER NOT NULL DEFAULT 0,
  contact TEXT NOT NULL DEFAULT '',
  offset_ms INTEGER NOT NULL DEFAULT 0,
  trouble TEXT NOT NULL DEFAULT '',
  counts TEXT NOT NULL DEFAULT '{}'
) STRICT, WITHOUT ROWID;
"""

_GUARD = """
CREATE TRIGGER {table}_keeps_{verb} BEFORE {verb} ON {table}
BEGIN
  SELECT RAISE(ABORT, '{table}: nothing is ever changed or removed');
END;
"""

FIRST = _TABLES + "".join(_GUARD.format(table=table, verb=verb) for table in APPEND_ONLY for verb in ("UPDATE", "DELETE"))
