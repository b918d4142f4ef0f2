"""Which blobs an entry needs, read so tolerantly that a header of a newer version still brings its bytes along."""

from collections.abc import Iterator, Mapping
from typing import Any

from graticule.sync.messages.fields import is_blob_id


def named_blobs(body: Mapping[str, Any]) -> list[str]:
    """Ids of payload, blobs and viewing record named by an entry's body, each once, in that order."""
    return list(dict.fromkeys(value for value in _candidates(body) if is_blob_id(value)))


def _candidates(body: Mapping[str, Any]) -> Iterator[Any]:
    yield body.get("payload")
    blobs = body.get("blobs")
    for blob in blobs if isinstance(blobs, list) else ():
        if isinstance(blob, dict):
            yield blob.get("id")
    effort = body.get("effort")
    if isinstance(effort, dict):
        yield effort.get("looks")
