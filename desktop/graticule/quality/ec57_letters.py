"""What each mark means to a comparison by runs: a letter for its beat class, and the brackets of fibrillation and of shutdown."""

from collections.abc import Iterable
from dataclasses import dataclass

from graticule.quality.ec57_marks import AAMI, OFF, ON, QUALITY, RHYTHM, Mark

VF_ON, VF_OFF, AF_ON, AF_OFF, LOST, BACK, IDLE = "[", "]", "{", "}", "U", "C", "O"


@dataclass(slots=True)
class _State:
    af: bool = False
    vf: bool = False
    lost: bool = False


def letters(marks: Iterable[Mark]) -> list[tuple[int, str]]:
    """(tick, letter) of every mark. In atrial fibrillation and flutter a normal beat is supraventricular."""
    state = _State()
    return [(mark.tick, _letter(mark, state)) for mark in marks]


def _letter(mark: Mark, state: _State) -> str:
    if mark.symbol in AAMI:
        kind = AAMI[mark.symbol]
        return "S" if kind == "N" and state.af else kind
    if mark.symbol == QUALITY:
        return _quality(state, mark.shutdown)
    if mark.symbol == ON:
        return _vf(state, True)
    if mark.symbol == OFF:
        return _vf(state, False)
    return _rhythm(mark.aux, state) if mark.symbol == RHYTHM and mark.aux else IDLE


def _quality(state: _State, lost: bool) -> str:
    if state.lost == lost:
        return IDLE
    state.lost = lost
    return LOST if lost else BACK


def _vf(state: _State, on: bool) -> str:
    if state.vf == on:
        return IDLE
    state.vf = on
    if on:
        state.af = False
    return VF_ON if on else VF_OFF


def _rhythm(aux: str, state: _State) -> str:
    """A rhythm string; each begins one rhythm and ends any other."""
    if aux.startswith("(AF"):
        if state.af:
            return IDLE
        state.af, state.vf = True, False
        return AF_ON
    if aux.startswith("(VF"):
        return _vf(state, True)
    if state.af:
        state.af = False
        return AF_OFF
    return _vf(state, False)
