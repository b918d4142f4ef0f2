"""The nouns. Python and numpy only: no files, no clock, no randomness."""
