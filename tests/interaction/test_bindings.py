"""Keys and strokes as values: presets, what the reader changes of them, clashes, and the file they are kept in."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graticule.domain.errors import GraticuleError
from graticule.presenters.actions import all_actions
from graticule.settings.actions import STROKES, place_of
from graticule.settings.bindings import Bindings, all_clashes, clashes_of, is_stroke, taken
from graticule.settings.bindings_file import KEY, load_bindings, read_bindings, save_bindings
from graticule.ui.keys import presets

ACTIONS = {action.name: action for action in all_actions()}
PRESETS = list(presets())


def bindings(preset: str = "radiology") -> Bindings:
    return Bindings(presets()[preset])


def test_there_are_three_presets_in_their_order() -> None:
    assert PRESETS == ["radiology", "pacs-scroll", "segmentation"]


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_speaks_of_every_action_and_of_nothing_else(preset: str) -> None:
    known = presets()[preset]
    assert {name for name in known.keys if name not in ACTIONS} == set()
    lacking = {name for name in ACTIONS if name not in known.keys and place_of(name) != "tool"}
    assert lacking == set()
    assert all(KEY.fullmatch(key) for keys in known.keys.values() for key in keys)
    assert all(is_stroke(stroke, act) for stroke, act in known.gestures.items())


@pytest.mark.parametrize("preset", PRESETS)
def test_no_key_of_a_preset_means_two_things_in_one_view(preset: str) -> None:
    clashes = all_clashes(bindings(preset), list(ACTIONS.values()))
    assert [(clash.key, clash.one.name, clash.other.name) for clash in clashes] == []


def test_the_middle_button_pans_and_the_wheel_scrolls_in_every_preset() -> None:
    for preset in PRESETS:
        assert bindings(preset).gesture("middle") == "pan" and bindings(preset).gesture("wheel") == "scroll"


def test_a_stroke_with_a_key_held_that_is_not_bound_does_what_it_does_without() -> None:
    assert bindings().gesture("shift+left") == "tool" and not bindings().bound("shift+left")
    assert bindings().gesture("ctrl+wheel") == "zoom" and bindings().bound("ctrl+wheel")


def test_a_key_of_the_same_view_clashes_and_one_of_another_does_not() -> None:
    turn, march = ACTIONS["image.turn-right"], ACTIONS["ecg.march"]
    assert [clash.other.name for clash in clashes_of(bindings(), turn, "I", ACTIONS.values())] == ["image.invert"]
    assert clashes_of(bindings(), march, "I", ACTIONS.values()) == []
    assert [clash.other.name for clash in clashes_of(bindings(), march, "N", ACTIONS.values())] == ["window.next-case"]


def test_a_form_s_letters_do_not_clash_with_the_image_s() -> None:
    assert clashes_of(bindings(), ACTIONS["form.draw"], "I", ACTIONS.values()) == []


def test_taking_a_key_leaves_no_clash_and_back_to_the_preset_is_the_preset() -> None:
    changed = taken(bindings(), ACTIONS["image.turn-right"], "I", ACTIONS.values())
    assert changed.keys_of("image.turn-right") == ("R", "I") and changed.keys_of("image.invert") == ()
    assert all_clashes(changed, list(ACTIONS.values())) == []
    assert changed.reset("image.invert").reset("image.turn-right") == bindings() == changed.all_reset()


@given(st.sampled_from(sorted(ACTIONS)),
       st.lists(st.sampled_from(["A", "Ctrl+K", "Shift+F3", "[", "PgUp"]), max_size=4, unique=True),
       st.sampled_from(sorted(STROKES)), st.data())
def test_what_was_bound_comes_back_from_its_file(tmp_path_factory, name, keys, stroke, data) -> None:
    act = data.draw(st.sampled_from(sorted(STROKES[stroke])))
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    mine = bindings("segmentation").rebound(name, keys).regestured(stroke, act)
    save_bindings(path, mine)
    assert load_bindings(path, presets()) == (mine, [])


@pytest.mark.parametrize(("text", "said"), [
    ("{", "cannot be read"), ("[]", "cannot be read"), ('{"format": "something else"}', "cannot be read"),
    ('{"format": "graticule-bindings", "preset": "nobody"}', "not here"),
    ('{"format": "graticule-bindings", "preset": "radiology", "keys": {"image.invert": "I"}}', "Some of your keys"),
    ('{"format": "graticule-bindings", "preset": "radiology", "keys": {"image.nothing": ["I"]}}', "Some of your keys"),
    ('{"format": "graticule-bindings", "preset": "radiology", "keys": {"image.invert": ["two words"]}}', "Some of your keys"),
    ('{"format": "graticule-bindings", "preset": "radiology", "gestures": {"left": "fly"}}', "Some of your keys"),
    ('{"format": "graticule-bindings", "preset": "radiology", "keys": 3}', "Some of your keys")])
def test_a_bad_file_is_told_and_the_preset_holds(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text)
    found, complaints = load_bindings(path, presets())
    assert found == bindings() and len(complaints) == 1 and said in complaints[0]


def test_no_file_is_no_complaint_and_a_chosen_one_that_is_none_of_ours_is_refused(tmp_path: Path) -> None:
    assert load_bindings(tmp_path / "none.json", presets()) == (bindings(), [])
    other = tmp_path / "other.json"
    other.write_text(json.dumps({"a": 1}))
    with pytest.raises(GraticuleError):
        read_bindings(other, presets())
