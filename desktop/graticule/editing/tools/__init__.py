"""One file a tool. `BUILT_IN` (palette.py) lists them in palette order."""
