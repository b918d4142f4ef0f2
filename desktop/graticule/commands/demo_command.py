"""`graticule demo`: the demonstration project on real public samples, with a local central server beside it."""

import argparse
import shutil
from dataclasses import replace
from pathlib import Path

from graticule.commands.output import Output

PASSWORD = "demo"
READER = "Demo reader"

# In worklist order: the first minute shows painting, then a rhythm, then questions.
SAMPLES = ("brain_tumour_mr", "liver_ct", "chest_xray", "dermoscopy", "ecg_mitdb_231", "ecg_12_lead",
           "ecg_synthetic_2to1", "ecg_synthetic_wenckebach", "ecg_synthetic_mobitz2", "ecg_synthetic_highgrade", "torso_ct")

# The computed strips are named for what they show; their titles must not be.
NEUTRAL_TITLES = {"ecg_synthetic_2to1": "ECG synthetic strip A", "ecg_synthetic_wenckebach": "ECG synthetic strip B",
                  "ecg_synthetic_mobitz2": "ECG synthetic strip C", "ecg_synthetic_highgrade": "ECG synthetic strip D"}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, metavar="DIR", help="where to make it (default: this user's data folder)")
    parser.add_argument("--open", action="store_true", help="open the workstation on it, with its local server")


def run(args: argparse.Namespace, output: Output) -> int:
    folder = args.out or _default_folder()
    store = folder / "store"
    if not store.exists():
        make_demo(store, output)
    if not args.open:
        output.row({"project": "demo", "store": str(store.resolve()), "server": str((folder / "server").resolve())},
                   f"Demonstration project in {folder}. Its reader is “{READER}”, the password is “{PASSWORD}”.")
        return 0
    return _open(folder, output)


def make_demo(store_path: Path, output: Output) -> None:
    """A store of the demo reader with every sample in worklist order; it takes its name only when it is complete."""
    from graticule.commands.import_command import bring_in
    from graticule.resources import read_json, resource
    from graticule.store.store import create_store
    from graticule.store.unlock import Unlock

    unfinished = store_path.with_name("store.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    store = create_store(unfinished, READER, Unlock.key_file(), password=PASSWORD)
    try:
        store.protocols.put(read_json("protocols", "demo.json"))
        for name in SAMPLES:
            for outcome in bring_in(store, [resource("samples", name)], output.progress(), copy=False):
                if outcome.case is not None and name in NEUTRAL_TITLES:
                    store.cases.add(replace(outcome.case, title=NEUTRAL_TITLES[name]))
    finally:
        store.close()
    unfinished.rename(store_path)


def _open(folder: Path, output: Output) -> int:
    from graticule.app import run_desk
    from graticule.commands.local_server import LocalServer
    from graticule.domain.errors import GraticuleError

    server, address = LocalServer(folder / "server"), ""
    try:
        address = server.start()
    except (GraticuleError, OSError) as fault:
        output.warn(str(fault))
    try:
        return run_desk(folder / "store", server_url=address, password_hint=PASSWORD)
    finally:
        server.stop()


def _default_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("Graticule", appauthor=False) / "demo"
