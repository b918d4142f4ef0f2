"""Every package that is shipped is named with its licence, and the lock holds no address."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_every_locked_package_is_named_with_a_licence() -> None:
    parts = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")
    lock = (ROOT / "packaging" / "requirements.lock").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| ([a-z0-9-]+) \|(?: [^|]+\|)? ([^|]+) \|$", parts, flags=re.M))
    locked = set(re.findall(r"^([a-z0-9-]+)==", lock, flags=re.M))
    assert locked - set(listed) == set()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_the_lock_names_hashes_and_no_address(name: str) -> None:
    text = (ROOT / "packaging" / name).read_text(encoding="utf-8")
    assert "--hash=sha256:" in text
    assert not re.search(r"https?://|file:", text)
