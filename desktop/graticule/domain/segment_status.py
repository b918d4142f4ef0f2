"""How far a reader is with a segment: a stored word, or what its voxels tell while nobody has said."""

from graticule.domain.elements import Segment

# Stored. DRAFT is what a segment begins with: nobody has said anything, so its voxels tell.
DRAFT = "draft"
NOT_STARTED, IN_PROGRESS, DONE, FLAGGED = "not-started", "in-progress", "done", "flagged"
STATUSES = (NOT_STARTED, IN_PROGRESS, DONE, FLAGGED)


def status_of(segment: Segment, voxels: int) -> str:
    """One of STATUSES. A word that a newer version stored counts as in progress, and stays stored."""
    if segment.status in STATUSES:
        return segment.status
    return IN_PROGRESS if voxels or segment.status != DRAFT else NOT_STARTED
