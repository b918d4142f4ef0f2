"""On the real store: the open case is put back, its files are read another way, and the first of what came is opened."""

from pathlib import Path

from fakes.dicom_series import Series, asymmetric
from graticule.commands.import_command import bring_in
from graticule.desk_plugs import StoreRereader
from graticule.domain.progress import Silent
from graticule.resources import read_json
from presenters.test_desk_on_the_store import desk_on
from store.making import new_store


def test_a_case_that_was_only_looked_at_gives_way_to_the_one_stack(tmp_path: Path) -> None:
    series = Series(asymmetric((4, 3, 3)))
    (tmp_path / "in").mkdir()
    for time in (1, 2):
        for k in range(4):
            data = series.slice(k, TemporalPositionIdentifier=time, InstanceNumber=4 * time + k)
            data.save_as(tmp_path / "in" / f"{time}{k}.dcm", enforce_file_format=True)
    with new_store(tmp_path / "store") as store:
        store.protocols.put(read_json("protocols", "demo.json"))
        list(bring_in(store, [tmp_path / "in"], Silent(), copy=False))
        desk = desk_on(store)
        first = desk.worklist.order[0]
        desk.open(first)
        desk.leave()
        desk.save()
        result = StoreRereader(store).read_as(first, "file-order", Silent())
        desk.refresh()
        desk.open(result.cases[0])
        assert desk.opened is not None and desk.opened.content.grid.shape == (8, 3, 3)  # type: ignore[union-attr]
        assert desk.worklist.order == result.cases and result.kept == 0
        desk.close()
