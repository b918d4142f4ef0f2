"""Ages: above 89 nobody is told apart (the rule of 45 CFR 164.514(b)(2)); a date of birth becomes an age before it goes."""

import re
from typing import Any

from graticule.formats.deidentify.dates import shifted_date

OLDEST = 90
_AGE = re.compile(r"(\d{3})([DWMY])")


def capped(text: str) -> str:
    """A DICOM age (nnnD, nnnW, nnnM, nnnY), 90 years for all who are 90 or older; "" for anything else."""
    match = _AGE.fullmatch(text.strip(" \0").upper())
    if match is None:
        return ""
    count, unit = int(match[1]), match[2]
    years = count / {"D": 365.25, "W": 52.18, "M": 12, "Y": 1}[unit]
    return f"{OLDEST:03}Y" if years >= OLDEST else match[0]


def capped_years(years: float) -> float:
    return min(years, OLDEST)


def age_of(data: Any) -> str:
    """The age that a data set states or that follows from the date of birth and of the study, capped; "" when unknown."""
    stated = capped(str(data.get("PatientAge") or ""))
    if stated:
        return stated
    born = shifted_date(str(data.get("PatientBirthDate") or ""), 0)
    taken = shifted_date(str(data.get("StudyDate") or data.get("SeriesDate") or data.get("AcquisitionDate") or ""), 0)
    if not born or not taken or taken < born:
        return ""
    years = int(taken[:4]) - int(born[:4]) - (taken[4:] < born[4:])
    if years >= 2:
        return capped(f"{years:03}Y") if years < 1000 else ""
    months = (int(taken[:4]) - int(born[:4])) * 12 + int(taken[4:6]) - int(born[4:6]) - (taken[6:] < born[6:])
    return f"{max(0, months):03}M"
