"""Where the first-run steps lead: the demonstration, or a store of the reader's own. Both are jobs."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress

if TYPE_CHECKING:
    from graticule.commands.local_server import LocalServer
    from graticule.store.store import Store
    from graticule.store.unlock import Unlock
    from graticule.ui.first_run import FirstAnswers

log = logging.getLogger("graticule.desk")


@dataclass(frozen=True, eq=False)
class FirstStore:
    """An open store, and how it was opened. server: runs beside the desk and is stopped with it."""

    store: "Store"
    unlock: "Unlock"
    server_url: str = ""
    password_hint: str = ""
    server: "LocalServer | None" = None


def demonstration_folder() -> Path:
    """The demonstration's store and the data of its own server."""
    from graticule.settings.folders import data_folder

    return (data_folder() / "demo").resolve()


def own_folder() -> Path:
    from graticule.settings.folders import data_folder

    return data_folder() / "store"


def demonstration(progress: Progress) -> FirstStore:
    """The demonstration, made the first time and opened again afterwards, with its own server for as long as the desk is open."""
    from graticule.commands.demo_command import PASSWORD, make_demo
    from graticule.commands.local_server import LocalServer
    from graticule.commands.output import Output
    from graticule.store.store import open_store
    from graticule.store.unlock import Unlock

    folder = demonstration_folder()
    if not (folder / "store" / "labels.db").exists():
        make_demo(folder / "store", Output(as_json=False))
    server, address = LocalServer(folder / "server"), ""
    try:
        address = server.start()
    except (GraticuleError, OSError):
        log.info("the demonstration goes on without its server")
    return FirstStore(open_store(folder / "store"), Unlock.key_file(), address, PASSWORD, server)


def free_folder() -> Path:
    """Where the next reader's store of this computer goes: the usual folder, or one beside it."""
    first = own_folder()
    tried = (first, *(first.with_name(f"{first.name}-{n}") for n in range(2, 1000)))
    return next(path for path in tried if not (path / "labels.db").exists())


def own(answers: "FirstAnswers") -> Callable[[Progress], FirstStore]:
    """A job that makes the reader's own store under the open protocol; its password opens it and signs."""
    def make(progress: Progress) -> FirstStore:
        from graticule.desk_plugs import keep_invitation
        from graticule.resources import read_json
        from graticule.store.store import create_store
        from graticule.store.unlock import Unlock

        unlock = Unlock.passphrase(answers.password)
        store = create_store(free_folder(), answers.name, unlock, server_url=answers.server, password=answers.password)
        store.protocols.put(read_json("protocols", "open.json"))
        keep_invitation(store, answers.invitation)
        return FirstStore(store, unlock, answers.server)

    return make
