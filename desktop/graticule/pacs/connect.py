"""The right kind of conversation for an archive. pynetdicom and httpx are loaded when one begins, not when the window starts."""

from collections.abc import Iterator
from contextlib import contextmanager

from graticule.domain.archive import DICOMWEB, Archive, Login, Node


@contextmanager
def connected(node: Node, login: Login) -> Iterator[Archive]:
    if node.kind == DICOMWEB:
        from graticule.pacs.web import WebArchive

        with WebArchive(node, login) as web:
            yield web
    else:
        from graticule.pacs.dimse import DimseArchive

        yield DimseArchive(node)
