import logging
import sys
from pathlib import Path

import pytest

from graticule.domain.errors import Cancelled, GraticuleError
from graticule.ui.crash import install_excepthook, report

SECRET = "MUELLER^HANS 1944"


def caught(make: BaseException) -> tuple[type[BaseException], BaseException, object]:
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as cause:
            raise make from cause
    except BaseException as fault:  # noqa: BLE001 - what the excepthook is given
        return type(fault), fault, fault.__traceback__


def test_a_report_says_where_and_what_kind_but_nothing_of_the_patient() -> None:
    text = report(*caught(ValueError(SECRET)))  # type: ignore[arg-type]
    assert "ValueError" in text and "KeyError" in text and "test_crash.py" in text and "caused by" in text
    assert "MUELLER" not in text and str(Path.home()) not in text


def test_a_bug_is_told_written_and_logged_without_its_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                            caplog: pytest.LogCaptureFixture,
                                                            capsys: pytest.CaptureFixture[str]) -> None:
    told: list[tuple[str, GraticuleError | None]] = []
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    install_excepthook(tmp_path / "log", lambda text, error: told.append((text, error)))
    with caplog.at_level(logging.DEBUG):
        sys.excepthook(*caught(ValueError(SECRET)))  # type: ignore[arg-type]
    written, = (tmp_path / "log").iterdir()
    assert told == [(written.read_text(encoding="utf-8"), None)]
    assert "MUELLER" not in written.read_text(encoding="utf-8") + caplog.text + capsys.readouterr().err


def test_expected_failures_become_words_and_cancelling_is_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, GraticuleError | None]] = []
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    install_excepthook(tmp_path, lambda text, error: told.append((text, error)))
    expected = GraticuleError("The disk is full.", "Make room.")
    sys.excepthook(GraticuleError, expected, None)
    sys.excepthook(Cancelled, Cancelled(), None)
    assert told == [("", expected)] and list(tmp_path.iterdir()) == []
