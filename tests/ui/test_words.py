"""The second language is whole: every string of the main surfaces has its words, with the same placeholders."""

import ast
import string
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

import graticule.ui
from graticule.presenters.actions import all_actions
from graticule.presenters.readings import TITLES as READING_TITLES
from graticule.presenters.signing import MEANING, REASONS
from graticule.presenters.worklist import STATE_WORDS
from graticule.resources import read_json
from graticule.settings.actions import DRAGS, WHEELS
from graticule.settings.bindings_file import COMPLAINTS
from graticule.settings.settings import Settings
from graticule.study.questions import NOT_ASSESSABLE
from graticule.ui.import_sheet import OUTCOMES
from graticule.ui.keys import _SPOKEN as KEY_NAMES
from graticule.ui.keys import presets
from graticule.ui.question_card import CONFIDENCE_WORDS
from graticule.ui.strokes import ACT_WORDS, SPOKEN
from graticule.ui.view_keys import _HELD, _STROKES, FAMILIES, FIXED, MOUSE
from graticule.ui.words import tr, trn, use_language

SURFACES = ("about_dialog", "answers_panel", "errands", "first_run", "import_sheet", "job_card", "lock_banner", "main_window",
            "menus", "notices", "question_card", "question_form", "question_inputs", "server_dialog", "settings_dialog",
            "shortcuts_overlay", "sign_dialog", "stage", "status_bar", "sync_words", "tool_row", "unlock_dialog", "verify_sheet",
            "worklist_model", "worklist_panel", "worklist_filter", "question_finding", "question_notes", "question_keys",
            "body_map", "form_editor", "form_editor_choices", "form_editor_question", "form_editor_preview", "patient_lesions",
            "pacs_window", "pacs_tree", "pacs_nodes", "pacs_send", "pacs_errands", "bindings_editor", "switch_dialog",
            "view_keys", "page_menu", "strokes", "deidentify_dialog", "deidentify_report", "readings_dialog", "readings_errand",
            "refine_panel", "workshop",
            "segments_panel", "segment_line", "segment_menu", "segment_sieve", "structure_search", "label_look_row", "group_line",
            "authors_legend", "meaning_dialog", "numbers_panel", "part_list", "comparison_panel", "measured_segments",
            "assistant_panel", "assistant_dialog", "history_panel", "ec57_panel", "ecg_numbers_panel", "source_choice",
            "cell_matrix")


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    use_language("en")


def strings_of(module: str) -> Iterator[str]:
    """The first argument of every `tr`, the two forms of every `trn`."""
    tree = ast.parse((Path(graticule.ui.__file__).parent / f"{module}.py").read_text(encoding="utf-8"))
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("tr", "trn"):
            words = call.args[:1] if call.func.id == "tr" else call.args[1:3]
            yield from (word.value for word in words if isinstance(word, ast.Constant))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("module", SURFACES)
def test_every_string_has_german_words(module: str) -> None:
    german = read_json("words", "de.json")
    assert [text for text in strings_of(module) if text not in german] == []


def test_every_listed_word_has_german_words() -> None:
    german = read_json("words", "de.json")
    listed = [MEANING, *REASONS.values(), *NOT_ASSESSABLE.values(), *CONFIDENCE_WORDS.values(),
              *(word for word, _ in STATE_WORDS.values()), *(word for word, _, _ in OUTCOMES.values()),
              *(action.words for action in all_actions()), *(action.group for action in all_actions()), *DRAGS.values(),
              *WHEELS.values(), *ACT_WORDS.values(), *SPOKEN.values(), *KEY_NAMES, *_HELD.values(), *_STROKES.values(),
              MOUSE, *FAMILIES,
              *(words for rows in FIXED.values() for row in rows for words in row if any(c.islower() for c in words)),
              *(preset.title for preset in presets().values()), *(preset.about for preset in presets().values()),
              *(text for item in fields(Settings) if not item.metadata["hidden"]
                for text in (item.metadata["label"], item.metadata["help"]) if text),
              *(text for item in fields(Settings) if isinstance(item.metadata["choices"], dict)
                for text in item.metadata["choices"].values()), *COMPLAINTS, *READING_TITLES]
    assert [text for text in listed if text not in german] == []


def test_placeholders_are_the_same_in_both() -> None:
    assert [text for text, words in read_json("words", "de.json").items() if placeholders(text) != placeholders(words)] == []


def test_words_follow_the_language_and_unknown_ones_stay_english() -> None:
    assert use_language("de") == "de"
    assert tr("{done} of {total} done", done=3, total=12) == "3 von 12 fertig"
    assert trn(1, "Sign 1 read", "Sign {n} reads") == "1 Befund signieren"
    assert trn(4, "Sign 1 read", "Sign {n} reads") == "4 Befunde signieren"
    assert tr("Pneumothorax {braces stay when nothing is filled in}") == "Pneumothorax {braces stay when nothing is filled in}"
    assert use_language("xx") == "en" and tr("Worklist") == "Worklist"


def test_no_developer_s_word_is_on_the_screen() -> None:
    forbidden = {"seal", "sealed", "revision", "outbox", "quarantine", "quarantined", "blob", "head"}
    said = {word.strip(".,…:!?“”").lower() for module in SURFACES for text in strings_of(module) for word in text.split()}
    assert said & forbidden == set()
