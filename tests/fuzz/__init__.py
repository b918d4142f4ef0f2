"""Sample files, damaged in every way we could think of: each must be read or be refused in a sentence.

`make fuzz` (GRATICULE_SEED, GRATICULE_COUNT) or `python -m fuzz` with `tests` on the path. A finding is kept in build/fuzz with
its report and opened again by `python -m fuzz --replay FOLDER`.
"""
