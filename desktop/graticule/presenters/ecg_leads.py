"""Which leads stand on the sheet, in which order, and in which colours of the electrodes."""

from dataclasses import dataclass, replace
from enum import StrEnum

from graticule.domain.recording import STANDARD_LEADS, Lead, Recording
from graticule.ecg.derived_leads import MINUS_AVR, minus_avr


class Order(StrEnum):
    """Of the limb leads: as Einthoven and Goldberger found them, or as they look at the heart from left to right (Cabrera)."""

    STANDARD = "standard"
    CABRERA = "cabrera"


class Colours(StrEnum):
    """Of the lead names: ink, or the colour of the electrode by one of the two conventions (IEC 60601-2-25, table of codes)."""

    INK = "ink"
    IEC = "iec"
    AHA = "aha"


LIMB = {Order.STANDARD: STANDARD_LEADS[:6], Order.CABRERA: ("aVL", "I", MINUS_AVR, "II", "aVF", "III")}
CHEST = STANDARD_LEADS[6:]

# The electrode a lead is named for: unipolar leads by their own, bipolar ones by the positive one (I: left arm; II, III: foot).
_IEC = {"I": "#b58900", "aVL": "#b58900", "aVR": "#c62828", MINUS_AVR: "#c62828", "II": "#2e7d32", "III": "#2e7d32",
        "aVF": "#2e7d32", "V1": "#c62828", "V2": "#b58900", "V3": "#2e7d32", "V4": "#6d4c41", "V5": "#212121", "V6": "#6a1b9a"}
_AHA = {"I": "#212121", "aVL": "#212121", "aVR": "#8a8a8a", MINUS_AVR: "#8a8a8a", "II": "#c62828", "III": "#c62828",
        "aVF": "#c62828", "V1": "#c62828", "V2": "#b58900", "V3": "#2e7d32", "V4": "#1565c0", "V5": "#ef6c00", "V6": "#6a1b9a"}


@dataclass(frozen=True, slots=True)
class Choice:
    """order: of the limb leads. rhythm: names under the columns, () for the usual ones. strip: names on a strip, () for all."""

    order: Order = Order.STANDARD
    rhythm: tuple[str, ...] = ()
    strip: tuple[str, ...] = ()

    def with_strip(self, names: tuple[str, ...]) -> "Choice":
        return replace(self, strip=names)


def twelve(choice: Choice) -> tuple[str, ...]:
    """The names of the twelve leads in the order chosen."""
    return (*LIMB[choice.order], *CHEST)


def lead_named(recording: Recording, name: str) -> Lead | None:
    return minus_avr(recording) if name == MINUS_AVR else recording.lead(name)


def strip_leads(recording: Recording, choice: Choice) -> list[Lead]:
    """The leads of a strip from the top: those chosen, else all; twelve leads by the order chosen."""
    names = choice.strip
    if not names and choice.order is Order.CABRERA and recording.twelve_lead:
        rest = [lead.name for lead in recording.leads if lead.name.lower() not in {name.lower() for name in STANDARD_LEADS}]
        names = (*twelve(choice), *rest)
    found = [lead for name in names if (lead := lead_named(recording, name)) is not None]
    return found or list(recording.leads)


def is_chest(name: str) -> bool:
    """A precordial lead, by its name."""
    return name[:1].upper() == "V" and name[1:2].isdigit()


def colour_of(name: str, colours: Colours) -> str | None:
    """ "#rrggbb" of the electrode; None for ink, and for leads the conventions do not name."""
    table = {Colours.IEC: _IEC, Colours.AHA: _AHA}.get(colours, {})
    return table.get(name)
