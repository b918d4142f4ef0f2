"""Operations on whole segments: one file each, listed in `listed.py`. Each answers with a proposal and changes nothing itself."""
