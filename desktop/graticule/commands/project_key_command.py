"""`graticule project-key`: carry the key of de-identification to another store of the project, under a passphrase."""

import argparse
import json
from pathlib import Path

from graticule.commands.output import Output
from graticule.commands.session import add_store, opened, passphrase
from graticule.domain.errors import GraticuleError


def configure(parser: argparse.ArgumentParser) -> None:
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--out", type=Path, metavar="FILE", help="write the project's key, locked by the passphrase")
    way.add_argument("--take", type=Path, metavar="FILE", help="use the key that another store wrote")
    parser.add_argument("--key-passphrase-file", type=Path, required=True, metavar="FILE",
                        help="first line: the passphrase that locks the key on its way")
    add_store(parser)


def run(args: argparse.Namespace, output: Output) -> int:
    locks = passphrase(args.key_passphrase_file)
    with opened(args) as store:
        project = str(store.protocols.current()[1]["project"])
        if args.out:
            document = {"project": project, "key": store.project_keys.wrapped(project, locks)}
            args.out.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
            output.row({"project": project, "written": str(args.out)}, f"The key of “{project}” is written, locked.")
            return 0
        store.project_keys.take(project, _wrapped(args.take, project), locks)
        output.row({"project": project, "taken": True}, f"This store now uses the key of “{project}”.")
    return 0


def _wrapped(path: Path, project: str) -> dict[str, object]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["project"] != project:
            raise GraticuleError(f"This is the key of another project, “{document['project']}”.",
                                 "Open the store of that project.")
        return dict(document["key"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GraticuleError("The file is no project key.", "Write one with “graticule project-key --out”.") from error
