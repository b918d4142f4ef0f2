"""In the window: the slider shows earlier moments without changing anything, and the assistant's state can be read and set up."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from editing.test_assistant_tool import Set
from fakes.assistants import OwnSpeaker, served
from fakes.images import opened_with, ramp_volume
from graticule.domain.assistant import AssistantNode
from graticule.domain.edits import voxel_change
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import AUTHOR_HAND
from graticule.presenters.assistants import CaseAssistant
from graticule.ui.assistant_dialog import AssistantDialog
from graticule.ui.volume_page import VolumePage


@pytest.fixture
def page(qtbot: QtBot) -> VolumePage:
    opened = opened_with(ramp_volume())
    opened.assistant = CaseAssistant("c1:image", "allowed", lambda: False, Set(""), opened.runner, opened.bus)
    made = VolumePage(opened)
    qtbot.addWidget(made)
    qtbot.addWidget(made.history_panel)
    assert made.assistant_panel is not None
    qtbot.addWidget(made.assistant_panel)
    made.resize(700, 600)
    made.show()
    made.segments.add_template(made.segments.templates()[0])
    yield made
    made.shutdown()


def paint(page: VolumePage, n: int) -> None:
    group = page.opened.workspace.labels.group("main")
    change = voxel_change("main", group, np.arange(n * 100, n * 100 + 50) + 12 * 40 * 48, 1, AUTHOR_HAND)
    assert change is not None
    page.opened.workspace.do("Paint Tumour", change)


def test_the_slider_replays_without_changing_the_labels(page: VolumePage, qtbot: QtBot) -> None:
    for n in range(6):
        paint(page, n)
    workspace, panel, view = page.opened.workspace, page.history_panel, page.views["axial"]
    now = workspace.labels.copy()
    page.show_history()
    assert [line.count for line in panel.history.lines] == [1, 6] and panel.slider.value() == 7
    panel.slider.setValue(3)
    qtbot.waitUntil(lambda: panel.replaying.at == 3)
    assert int(view._labels.group("main").counts[1]) == 100 and workspace.labels == now
    assert "Act 3 of 7" in panel.where.said and panel.back.isVisible()
    assert any("Earlier moment" in line for line in page.presenter.headings())
    with pytest.raises(GraticuleError, match="earlier moment"):
        paint(page, 20)
    page.cancel()
    assert view._labels is workspace.labels and panel.slider.value() == 7 and not workspace.replaying
    panel.speed.setCurrentIndex(3)
    qtbot.mouseClick(panel.play, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.replaying.at == 7 and not panel.replaying.playing, timeout=4000)
    qtbot.mouseClick(panel.back, Qt.MouseButton.LeftButton)
    assert workspace.labels == now


def test_a_line_is_gone_to_by_undo(page: VolumePage, qtbot: QtBot) -> None:
    paint(page, 0)
    page.show_history()
    panel = page.history_panel
    panel.list.setCurrentRow(0)
    panel.go()
    qtbot.waitUntil(lambda: page.opened.workspace.history.depth == 1)
    assert not page.opened.workspace.labels.group("main").values.any()


def test_an_answer_while_replaying_comes_back_to_now(page: VolumePage, qtbot: QtBot) -> None:
    paint(page, 0)
    page.show_history()
    page.history_panel.slider.setValue(1)
    segment = page.segments._segments()[0]
    page.opened.workspace.set("Rename", replace(segment, name="Other"))
    assert not page.opened.workspace.replaying


def test_the_assistant_is_set_up_and_answers(page: VolumePage, qtbot: QtBot) -> None:
    panel = page.assistant_panel
    assert panel is not None and panel.isHidden()
    page.set_tool("assistant")
    assert not panel.isHidden() and "leaves this computer" in panel.state.text()
    with served(OwnSpeaker) as (address, _):
        assert page.opened.assistant is not None
        dialog = AssistantDialog(page.opened.assistant)
        qtbot.addWidget(dialog)
        dialog.sort.setCurrentIndex(1)
        dialog.address.setText(address)
        dialog._keep()
        assert panel.state.text() == "nnInteractive answers." and address in panel.name.said
        page.opened.assistant.set_up(AssistantNode("nninteractive", "http://127.0.0.1:9"))
        assert "Nothing answers" in panel.state.text()
    page.set_tool("brush")
    assert panel.isHidden()
