"""Short ways through the door for tests."""

from itertools import count

import numpy as np

from graticule.domain.progress import Silent
from graticule.formats import door


def scanned(*paths, **options):
    return list(door.scan(paths, **options))


def cases_of(*paths):
    found = {outcome.case.id: outcome.case for outcome in scanned(*paths) if outcome.outcome == "case"}
    return list(found.values())


def only_case(*paths):
    case, = cases_of(*paths)
    return case


def filled(case, first=None, seen=None):
    opening = door.open_case(case)
    opening.fill(Silent(), (seen if seen is not None else []).append, first)
    return opening.content


def opened(*paths):
    return filled(only_case(*paths))


def ids():
    numbers = count(1)
    return lambda: f"id-{next(numbers)}"


def labels_beside(*paths):
    """(case, content, labels) of the single label file among `paths`."""
    outcome, = [outcome for outcome in scanned(*paths) if outcome.outcome == "labels"]
    assert outcome.case is not None, outcome.reason
    content = filled(outcome.case)
    return outcome.case, content, door.read_labels(outcome, outcome.case, content, ids())


def same_place(grid, ijk, lps, tolerance=1e-3):
    return np.abs(grid.to_patient(ijk) - np.asarray(lps)).max() <= tolerance
