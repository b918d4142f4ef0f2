"""What is said of an image beside the case: what it is, how old it is as far as the protocol lets that be known."""

from graticule.presenters.relatives import Relation, Relative


def relation_words(relative: Relative) -> str:
    """"Same study", "Prior 1 · 92 days before", "Prior 1 · 2024-03-05 · 92 days before", "Date unknown"."""
    if relative.relation is Relation.CASE:
        return "Being labelled"
    if relative.relation is Relation.STUDY:
        return "Same study"
    if relative.relation is Relation.OTHER:
        return "Date unknown"
    days = relative.days_before
    before = "" if days is None else "same day" if days == 0 else f"{days} day{'' if days == 1 else 's'} before"
    return " · ".join(part for part in (f"Prior {relative.number}", relative.day, before) if part)


def heading_of(relative: Relative) -> str:
    """For the image's own corner: that it is not the one being labelled, and what it is instead."""
    return f"For comparison · {relation_words(relative)}"


def short_title(title: str) -> str:
    """The first part of a case's title: "MR brain T2 axial" of "MR brain T2 axial · 20 slices · 5 mm"."""
    return title.split(" · ")[0]
