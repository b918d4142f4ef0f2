import json

import numpy as np
import pytest

from graticule.ecg.synthetic import PATTERNS, make
from graticule.formats.ecg.record import read_record
from graticule.resources import resource


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.name)
def test_the_bundled_strip_is_the_one_this_code_makes_and_says_so(pattern):
    name = f"ecg_synthetic_{pattern.name}"
    folder = resource("samples", name)
    recording, strip = read_record(folder / f"{name}.hea"), make(pattern)
    assert recording.synthetic
    assert recording.doubts == ()
    for bundled, made in zip(recording.leads, strip.recording.leads, strict=True):
        assert (bundled.name, bundled.gain, bundled.baseline) == (made.name, made.gain, made.baseline)
        assert int(np.abs(bundled.digital.astype(int) - made.digital).max()) <= 1
    truth = json.loads((folder / f"{name}.truth.json").read_text(encoding="utf-8"))
    assert truth["pr_ms"] == list(strip.pr_ms)
    assert truth["qrs_onsets"] == list(strip.qrs_onsets)
    assert truth["code"] == pattern.code
