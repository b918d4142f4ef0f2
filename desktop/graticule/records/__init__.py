"""The evidence layer: canonical bytes, ids, chains, signatures. Every name and byte layout in here is frozen (decisions/0002)."""
