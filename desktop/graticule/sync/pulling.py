"""Fetching what the server may tell this reader: their assignments. Nobody else's work is ever in it."""

from graticule.sync.label_server import LabelServer, Reset
from graticule.sync.messages import Cursor, Hello, PullPage
from graticule.sync.sources import SyncStore


def pull(store: SyncStore, server: LabelServer, hello: Hello) -> int:
    """Bring the assignments up to date; how many were new or changed.

    Each page carries all assignments as they stand, and of a page's entries nothing is kept yet, so reading starts at the head
    that hello named instead of at a cursor kept here.
    """
    changed = 0
    for head in hello.projects:
        page = _page(server, Cursor(head.project, head.size, head.root))
        known = {_identity(item): item.order for item in store.assignments.all()}
        news = [item for item in page.assignments if known.get(_identity(item)) != item.order and item.reader == store.reader.id]
        if news:
            store.assignments.put(news)
            changed += len(news)
    return changed


def _page(server: LabelServer, cursor: Cursor) -> PullPage:
    try:
        return server.pull(cursor)
    except Reset:  # restored from a backup between hello and now
        return server.pull(Cursor(cursor.project))


def _identity(item: object) -> tuple[object, ...]:
    return tuple(getattr(item, name) for name in ("project", "protocol", "case_id", "reader", "round", "role"))
