import json
from dataclasses import fields
from pathlib import Path

import pytest

from graticule.settings import Settings, load_settings, save_settings


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "settings.json"
    mine = Settings(language="de", text_percent=130, sync_by_itself=False)
    save_settings(path, mine)
    assert load_settings(path) == (mine, [])
    assert [p.name for p in path.parent.iterdir()] == ["settings.json"]


def test_no_file_means_defaults_and_no_complaint(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none.json") == (Settings(), [])


@pytest.mark.parametrize("text", ["{", "[1]", "null", '"x"', "\ufeff{}x"])
def test_a_bad_file_is_reported_and_never_stops_the_start(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text, encoding="utf-8")
    settings, found = load_settings(path)
    assert settings == Settings() and len(found) == 1


def test_one_bad_value_does_not_spoil_the_others_and_unknown_names_are_silent(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    values = {"language": "klingon", "text_percent": 130, "sync_by_itself": 1, "from_a_newer_version": 3}
    path.write_text(json.dumps(values), encoding="utf-8")
    settings, found = load_settings(path)
    assert settings == Settings(text_percent=130)
    assert len(found) == 2 and "Language" in found[0]


def test_every_setting_has_a_label() -> None:
    assert all(item.metadata["label"] for item in fields(Settings))
