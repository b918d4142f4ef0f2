"""Ten chest radiographs and ten lesions, read by keyboard alone, from the window to the bytes in the store."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fakes.reading_room import ReadingRoom, reading_room, varied
from graticule.domain.case import State
from graticule.resources import resource
from graticule.ui import theme

# Keys of the case → what must be stored for the findings named, every other finding absent.
CHEST: tuple[tuple[str, dict[str, str]], ...] = (
    ("d", {"no_finding": "present"}),
    ("aado", {"aortic_enlargement": "present"}),
    ("apo", {"cardiomegaly": "possible"}),
    ("aaaaapo", {"pleural_effusion": "possible"}),
    ("aaaaaaadso", {"pneumothorax": "present", "pneumothorax.size": "small"}),
    ("d", {"no_finding": "present"}),
    ("adpo", {"cardiomegaly": "present", "aortic_enlargement": "possible"}),
    ("aaaaaaaado", {"nodule_mass": "present"}),
    ("pao", {"no_finding": "possible"}),
    ("d", {"no_finding": "present"}),
)

# Diagnosis, how sure, what confirms it, site, yes or no three times.
LESIONS: tuple[tuple[list[str], dict[str, object]], ...] = tuple(
    ([key, ">", ">", ">", "\r", truth, "b", "r", "1", "2", "1"], {"diagnosis": slug, "truth_kind": kind})
    for key, slug, truth, kind in (
        ("1", "nevus", "h", "histopathology"),
        ("m", "melanoma_invasive", "h", "histopathology"),
        ("b", "bcc", "s", "single_expert"),
        ("3", "seborrheic_keratosis", "c", "expert_consensus"),
        ("6", "dermatofibroma", "f", "follow_up"),
        ("x", "melanoma", "s", "single_expert"),
        ("7", "hemangioma", "f", "follow_up"),
        ("k", "actinic_keratosis", "c", "expert_consensus"),
        ("q", "scc", "h", "histopathology"),
        ("2", "lentigo_simplex", "k", "confocal"),
    )
)


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> None:
    theme.apply(qapp)


def begin(room: ReadingRoom, qtbot: QtBot) -> None:
    """From the page to the form by F6, once: Ctrl+Enter keeps the hands there."""
    room.window.activateWindow()
    qtbot.waitUntil(room.window.isActiveWindow)
    room.key(Qt.Key.Key_F6)


def chest_files(folder: Path) -> list[Path]:
    folder.mkdir()
    rng = np.random.default_rng(1)
    made = folder / "source.png"
    Image.fromarray(rng.integers(0, 255, (96, 80), dtype=np.uint8)).save(made)
    files = [varied(made, folder, "chest_xray_DX", number) for number in range(10)]
    made.unlink()
    return files


def test_ten_chest_radiographs_by_keyboard_alone(qtbot: QtBot, tmp_path: Path) -> None:
    with reading_room(tmp_path, chest_files(tmp_path / "chest"), "chest_xray") as room:
        if room.desk.opened is None or room.desk.opened.case.modality not in ("CR", "DX"):
            pytest.fail("the pictures were not taken for radiographs")
        begin(room, qtbot)
        read = [room.read([keys]) for keys, _ in CHEST]
        assert len(set(read)) == 10 and room.desk.worklist.progress() == (10, 10)
        for case_id, (_, wanted) in zip(read, CHEST, strict=True):
            found = {name.removeprefix("cxr."): answer.value for name, answer in room.stored(case_id).items()}
            assert {name: value for name, value in found.items() if value != "absent"} == wanted
            assert len(found) == 28 + ("pneumothorax.size" in wanted), "every finding of the form is answered"
            assert room.store.labels.states()[case_id] is State.FINISHED
        print(f"\nchest radiographs: {np.median(room.seconds):.2f} s a case (machine time), {room.keys / 10:.1f} keys a case")


def test_ten_lesions_by_keyboard_alone(qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "dermoscopy"
    folder.mkdir()
    source = next(resource("samples", "dermoscopy").glob("*.jpg"))
    files = [varied(source, folder, "dermoscopy_DMS", number) for number in range(10)]
    with reading_room(tmp_path, files, "skin_lesion") as room:
        assert room.desk.opened is not None and room.desk.opened.case.modality == "DMS"
        begin(room, qtbot)
        read = [room.read(keys) for keys, _ in LESIONS]
        assert len(set(read)) == 10 and room.desk.worklist.progress() == (10, 10)
        for case_id, (_, wanted) in zip(read, LESIONS, strict=True):
            found = room.stored(case_id)
            assert {name: found[name].value for name in wanted} == wanted
            assert found["diagnosis"].confidence == 90 and found["body_site"].value == {"site": "posterior_torso"}
            assert found["body_side"].value == "R"
            assert [found[name].value for name in ("asymmetry3", "atypical_network3", "blue_white3")] == [True, False, True]
        print(f"\nlesions: {np.median(room.seconds):.2f} s a case (machine time), {room.keys / 10:.1f} keys a case")


def test_what_is_missing_keeps_the_case_and_gets_the_focus(qtbot: QtBot, tmp_path: Path) -> None:
    with reading_room(tmp_path, chest_files(tmp_path / "chest")[:2], "chest_xray") as room:
        begin(room, qtbot)
        case_id = room.read(["aaa"])
        assert room.desk.opened is not None and room.desk.opened.case.id == case_id
        focused = QApplication.focusWidget()
        assert focused is not None and focused.question.id == "cxr.enlarged_pa"  # type: ignore[attr-defined]
        room.press("n")
        assert room.desk.opened.case.id != case_id, "N is no answer here, so it goes to the next case"
