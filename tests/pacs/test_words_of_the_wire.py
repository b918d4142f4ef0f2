"""The pieces that need no archive: multipart cut anywhere, names in all character sets, contexts that fit, days."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.dimse_archive import NamesOfTheWorld
from graticule.domain.archive import Login, Search
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Silent
from graticule.pacs.connect import connected
from graticule.pacs.contexts import MOST, fetching_contexts, storage_classes
from graticule.pacs.multipart import boundary_of, framed, parts_to_files
from graticule.pacs.names import name_key, reading_order
from graticule.presenters.pacs import day_of, day_words

BOUNDARY = b"xYz"


class Folder:
    def __init__(self, folder: Path) -> None:
        self._folder, self._numbers = folder, count()

    def blank(self) -> Path:
        return self._folder / f"{next(self._numbers)}.part"


def body_of(parts: list[bytes]) -> bytes:
    head = b"--" + BOUNDARY + b"\r\nContent-Type: application/dicom\r\n\r\n"
    return b"".join(head + part + b"\r\n" for part in parts) + b"--" + BOUNDARY + b"--\r\n"


def chunks(body: bytes, size: int) -> Iterator[bytes]:
    return (body[start:start + size] for start in range(0, len(body), size))


parts = st.lists(st.binary(max_size=80) | st.sampled_from([b"\r\n--xY", b"\r\n\r\n--", b"--xYz", b"\r"]), max_size=4)


@given(parts, st.integers(1, 40))
def test_parts_come_back_wherever_the_stream_is_cut(sent: list[bytes], size: int) -> None:
    sent = [part for part in sent if b"\r\n--" + BOUNDARY not in part]
    with TemporaryDirectory() as folder:
        files = list(parts_to_files(chunks(body_of(sent), size), BOUNDARY, Folder(Path(folder))))
        assert [file.read_bytes() for file in files] == sent


@given(parts.filter(len), st.integers(1, 40), st.data())
def test_a_stream_that_breaks_off_is_told_and_leaves_no_half(sent: list[bytes], size: int, data: st.DataObject) -> None:
    sent = [part for part in sent if b"\r\n--" + BOUNDARY not in part] or [b"x"]
    whole = body_of(sent)
    broken = whole[:data.draw(st.integers(0, len(whole) - 5))]
    with TemporaryDirectory() as folder:
        came = []
        with pytest.raises(GraticuleError):
            came += parts_to_files(chunks(broken, size), BOUNDARY, Folder(Path(folder)))
        assert [path.read_bytes() for path in sorted(Path(folder).iterdir())] == sent[:len(list(Path(folder).iterdir()))]


def test_what_is_framed_is_read_back(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"DICM" * 1000)
    length, stream = framed(file, "xYz", chunk=7)
    body = b"".join(stream)
    assert len(body) == length
    assert [path.read_bytes() for path in parts_to_files([body], BOUNDARY, Folder(tmp_path))] == [file.read_bytes()]


@pytest.mark.parametrize("header", ["text/html", "multipart/related", "", 'multipart/related; boundary="' + "x" * 200 + '"'])
def test_what_is_no_multipart_is_told(header: str) -> None:
    with pytest.raises(GraticuleError):
        boundary_of(header)


def test_an_endless_header_does_not_fill_the_memory(tmp_path: Path) -> None:
    with pytest.raises(GraticuleError):
        list(parts_to_files((b"--xYz\r\n" if number == 0 else b"a" * 1000 for number in count()), BOUNDARY, Folder(tmp_path)))


NAMES = [("ISO_IR 100", "Müller^Jörg", "Müller, Jörg"), ("ISO_IR 192", "Παπαδόπουλος^Άννα", "Παπαδόπουλος, Άννα"),
         ("GB18030", "Wang^XiaoDong=王^小东", "Wang, XiaoDong (王 小东)"), ("ISO_IR 144", "Люкceмбypг", "Люкceмбypг"),
         ("ISO 2022 IR 6\\ISO 2022 IR 87", "Yamada^Tarou=山田^太郎", "Yamada, Tarou (山田 太郎)"),
         ("ISO 2022 IR 6\\ISO 2022 IR 149", "Hong^Gildong=洪^吉洞", "Hong, Gildong (洪 吉洞)"), ("", "Plain^Name", "Plain, Name")]


def test_names_are_read_in_every_character_set() -> None:
    archive = NamesOfTheWorld([(charset, name) for charset, name, _ in NAMES])
    with archive.listening() as node, connected(node, Login()) as talk:
        found = talk.studies(Search(patient_name="Müller"), Silent())
        talk.studies(Search(patient_name="王"), Silent())
        talk.studies(Search(patient_name="Smith"), Silent())
        few = talk.studies(Search(patient_name="a"), Silent(), 3)
    assert [study.patient_name for study in found.studies] == [told for _, _, told in NAMES]
    assert [str(one.get("SpecificCharacterSet", "")) for one in archive.asked[:3]] == ["ISO_IR 100", "ISO_IR 192", ""]
    assert [str(one.PatientName) for one in archive.asked[:3]] == ["Müller*", "王*", "Smith*"]
    assert len(few.studies) == 3 and few.more


def test_every_class_and_encoding_fits_into_associations() -> None:
    lots = list(fetching_contexts(()))
    assert all(len(lot) < MOST for lot in lots)
    assert {str(context.abstract_syntax) for lot in lots for context in lot} == {str(name) for name in storage_classes()}
    assert len(next(fetching_contexts(["1.2.840.10008.5.1.4.1.1.2"]))) < 30


@pytest.mark.parametrize(("typed", "asked"), [("Müller, An", "Müller^An*"), ("Mül", "Mül*"), ("M?ller", "M?ller"), ("", ""),
                                             ("Smith*", "Smith*")])
def test_names_are_asked_for_by_their_beginning(typed: str, asked: str) -> None:
    assert name_key(typed) == asked


def test_names_in_reading_order() -> None:
    assert reading_order("Adams^John Robert^Quincy^Rev.^B.A. M.Div.") == "Adams, John Robert Quincy Rev. B.A. M.Div."
    assert reading_order("^^^") == "" and reading_order("Solo") == "Solo"


def test_days() -> None:
    assert [day_of(typed) for typed in ("2024-03-31", "31.3.2024", "20240331", " ")] == ["20240331"] * 3 + [""]
    assert day_words("20240331") == "2024-03-31" and day_words("?") == "?"
    with pytest.raises(GraticuleError):
        day_of("March")
    assert [Search(from_day=a, to_day=b).days for a, b in (("1", ""), ("", "2"), ("1", "2"), ("1", "1"), ("", ""))] == [
        "1-", "-2", "1-2", "1", ""]
