"""The steps of the schema after the first (schema.py). Released ones are never edited: a change is a new step at the end."""

# Step 2: what the import saw of each file, so that an unchanged one need not be read again. path: as the file system has it
# (os.fsencode), since names of files need not be text. cases: JSON list of ids. Nothing here is evidence: it may be dropped.
SEEN_FILES = """
CREATE TABLE seen_files (
  path BLOB PRIMARY KEY,
  size INTEGER NOT NULL,
  changed_ns INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  cases TEXT NOT NULL,
  series TEXT NOT NULL,
  reason TEXT NOT NULL,
  reader TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""

LATER: tuple[str, ...] = (SEEN_FILES,)
