"""What the status bar says."""

from dataclasses import fields
from datetime import UTC, datetime

from graticule.presenters.ports import SyncCounts
from graticule.sync.words import Standing, numbers, sentence

NOW = datetime(2026, 3, 1, 15, 0, tzinfo=UTC)


def test_the_status_bar_speaks_in_whole_words() -> None:
    assert sentence(Standing(), NOW) == "No central server: everything stays on this computer"
    usual = Standing("https://labels", here=5, on_server=2, waiting=3, last_contact="2026-03-01T14:02:00+00:00")
    assert sentence(usual, NOW) == "3 waiting to send · last sent 14:02"
    assert numbers(usual) == "5 here · 2 on server · 0 backed up"
    offline = Standing(
        "https://labels", waiting=3, last_contact="2026-02-27T14:02:00+00:00", why_not="The server cannot be reached."
    )
    assert sentence(offline, NOW) == "3 waiting to send · last sent 2026-02-27 14:02 · offline: the server cannot be reached"
    held = Standing("https://labels", held=1, incomplete=2)
    assert sentence(held, NOW) == "everything sent · 1 held at server · 2 incomplete at server · never sent yet"


def test_the_desk_finds_every_count_it_shows() -> None:
    assert {field.name for field in fields(SyncCounts)} <= {field.name for field in fields(Standing)}
