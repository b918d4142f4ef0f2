"""`graticule pacs …`: test an archive, search it, bring examinations in, send results out."""

import argparse
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from graticule.commands.output import Output
from graticule.commands.session import add_store, opened, passphrase
from graticule.domain.archive import BASIC, BEARER, DICOMWEB, DIMSE, GET, MOVE, NO_LOGIN, Fetched, Node, Search, Wanted
from graticule.domain.errors import GraticuleError

if TYPE_CHECKING:
    from graticule.desk_archives import StoreArchives
    from graticule.store.store import Store

INCOMPLETE = 2
_DAY = re.compile(r"\d{4}-?\d{2}-?\d{2}")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", choices=("nodes", "add", "remove", "echo", "find", "series", "get", "send"),
                        help="list, enter or remove archives; test one; search; list a study's series; retrieve; send")
    parser.add_argument("what", nargs="*", metavar="WHAT",
                        help="get: STUDY or STUDY/SERIES (UIDs); series: STUDY; send: files, folders or CASE; add, remove: NAME")
    _configure_node(parser)
    _configure_search(parser)
    parser.add_argument("--format", action="append", metavar="F", help="send CASE: export format, may be repeated (dicom-seg, …)")
    add_store(parser)


def _configure_node(parser: argparse.ArgumentParser) -> None:
    where = parser.add_argument_group("the archive")
    where.add_argument("--node", default="", metavar="NAME", help="one that the store knows (“graticule pacs nodes”)")
    where.add_argument("--url", default="", help="DICOMweb address, up to what stands before /studies")
    where.add_argument("--dimse", default="", metavar="AE@HOST:PORT", help="an archive that speaks DIMSE")
    where.add_argument("--own-ae", default="GRATICULE", metavar="AE", help="what this computer calls itself")
    where.add_argument("--own-port", default=11112, type=int, metavar="N", help="where it listens while C-MOVE sends to it")
    where.add_argument("--by", default=GET, choices=(GET, MOVE), help="DIMSE: retrieve by C-GET or by C-MOVE")
    where.add_argument("--tls", action="store_true", help="DIMSE over TLS")
    where.add_argument("--ca-file", default="", metavar="PEM", help="an extra root certificate to trust")
    where.add_argument("--login", default=NO_LOGIN, choices=(NO_LOGIN, BASIC, BEARER))
    where.add_argument("--user", default="", metavar="NAME")
    where.add_argument("--secret-file", type=Path, metavar="FILE", help="add: password or token, for the system's vault")


def _configure_search(parser: argparse.ArgumentParser) -> None:
    asked = parser.add_argument_group("find")
    asked.add_argument("--patient-id", default="", metavar="ID")
    asked.add_argument("--name", default="", metavar="NAME", help="“Müller, An” or the beginning; * and ? as wildcards")
    asked.add_argument("--accession", default="", metavar="NUMBER")
    asked.add_argument("--modality", default="", metavar="CT")
    asked.add_argument("--from", dest="from_day", default="", metavar="DAY", help="YYYY-MM-DD")
    asked.add_argument("--to", dest="to_day", default="", metavar="DAY")


def run(args: argparse.Namespace, output: Output) -> int:
    from graticule.desk_archives import StoreArchives

    with opened(args) as store:
        archives = StoreArchives(store)
        return int(_ACTS[args.act](args, output, store, archives) or 0)


def _nodes(args: argparse.Namespace, output: Output, store: "Store", archives: "StoreArchives") -> None:
    for node in archives.nodes():
        where = node.url if node.kind == DICOMWEB else f"{node.called_ae}@{node.host}:{node.port}"
        output.row(node.as_json(), f"{node.name:20} {node.kind:9} {where}")


def _add(args: argparse.Namespace, output: Output, store: "Store", archives: "StoreArchives") -> None:
    node = _entered(args, _only(args.what, "a name for the archive"))
    archives.keep([*(one for one in archives.nodes() if one.name != node.name), node])
    if args.secret_file:
        archives.put_secret(node, passphrase(args.secret_file))
    output.row(node.as_json(), f"“{node.name}” is kept.")


def _remove(args: argparse.Namespace, output: Output, store: "Store", archives: "StoreArchives") -> None:
    node = archives.named(_only(args.what, "the name of the archive"))
    archives.keep([one for one in archives.nodes() if one.name != node.name])
    output.row({"removed": node.name}, f"“{node.name}” is removed.")


def _echo(args: argparse.Namespace, output: Output, store: "Store", archives: "StoreArchives") -> None:
    node = _node(args, archives)
    archives.test(node, output.progress())
    output.row({"node": node.name, "ok": True}, "The archive answers.")


def _find(args: argparse.Namespace, output: Output, store: "Store", archives: "StoreArchives") -> None:
    search = Search(args.patient_id, args.name, args.accession, args.modality.upper(), _day(args.from_day), _day(args.to_day))
    found = archives.search(_node(args, archives), search, output.progress())
    for study in found.studies:
        output.row({"study": study.uid, **{name: value for name, value in asdict(study).items() if name != "uid"}},
                   f"{study.uid}  {study.day}  {'/'.join(study.modalities):6} {study.patient_name}  {study.description}")
    if found.more:
        output.warn("The archive has more than these. Narrow the search.")


def _series(args: argparse.Namespace, output: Output, store: "Store", archives: "StoreArchives") -> None:
    for one in archives.series(_node(args, archives), _only(args.what, "the UID of a study"), output.progress()):
        output.row({"study": one.study, "series": one.uid, "modality": one.modality, "number": one.number,
                    "description": one.description, "body_part": one.body_part, "images": one.images},
                   f"{one.uid}  {one.modality:4} {one.number:>4} {one.images:>6}  {one.description}")


def _get(args: argparse.Namespace, output: Output, store: "Store", archives: "StoreArchives") -> int:
    """One line per object that failed, then one per file of the import, then the counts."""
    from graticule.commands.import_command import bring_in

    node = _node(args, archives)
    wanted = [one for what in args.what for one in _wanted(what, node, archives, output)]
    if not wanted:
        raise GraticuleError("Nothing was named to be retrieved.", "Give the UID of a study, or STUDY/SERIES.")
    fetched = archives.fetch(node, wanted, output.progress())
    for failed in fetched.failed:
        row = {"object": failed.what, "outcome": "failed", "reason": failed.sentence}
        output.row(row, f"failed   {failed.what}  {failed.sentence}")
    if fetched.files and not fetched.trouble:  # half an examination is not imported: the next try goes on with it
        for one in bring_in(store, fetched.files, output.progress(), copy=False):
            case = one.case.id if one.case else None
            output.row({"path": str(one.path), "outcome": one.outcome, "case": case, "reason": one.reason},
                       f"{one.outcome:8} {one.path}  {one.reason}")
        archives.tidy(fetched.files)
    return _counted(fetched, output)


def _counted(fetched: Fetched, output: Output) -> int:
    row = {"fetched": len(fetched.files) - fetched.already, "already": fetched.already, "failed": len(fetched.failed)}
    output.row(row)
    if fetched.trouble:
        raise GraticuleError(fetched.trouble, fetched.hint)
    return INCOMPLETE if fetched.failed else 0


def _send(args: argparse.Namespace, output: Output, store: "Store", archives: "StoreArchives") -> int:
    """Files and folders as they are; anything else is a case, whose labels are exported first."""
    from graticule.formats.files import files_under

    if not args.what:
        raise GraticuleError("Nothing was named to be sent.", "Give files, folders or a case.")
    node, failures = _node(args, archives), 0
    for what in args.what:
        if Path(what).exists():
            sent = archives.send(node, list(files_under([Path(what)]).files), output.progress())
        else:
            case = store.cases.find(what)
            sent = archives.send_results(node, case.id, args.format or ["dicom-seg"], output.progress())
        for path in sent.stored:
            output.row({"path": str(path), "outcome": "stored", "reason": ""}, f"stored   {path.name}")
        for failed in sent.failed:
            row = {"path": failed.what, "outcome": "failed", "reason": failed.sentence}
            output.row(row, f"failed   {failed.what}  {failed.sentence}")
        failures += len(sent.failed)
    return INCOMPLETE if failures else 0


_ACTS = {"nodes": _nodes, "add": _add, "remove": _remove, "echo": _echo, "find": _find, "series": _series, "get": _get,
         "send": _send}


def _node(args: argparse.Namespace, archives: "StoreArchives") -> Node:
    return archives.named(args.node) if args.node else _entered(args, "archive")


def _entered(args: argparse.Namespace, name: str) -> Node:
    """The archive that the options describe."""
    if args.url:
        return Node(name, DICOMWEB, url=args.url, ca_file=args.ca_file, login=args.login, user=args.user).checked()
    title, _, where = args.dimse.partition("@")
    host, _, port = where.rpartition(":")
    if not args.dimse or not port.isdigit():
        raise GraticuleError("No archive was named.", "Give --node NAME, --url URL or --dimse AE@HOST:PORT.")
    return Node(name, DIMSE, host=host, port=int(port), called_ae=title, own_ae=args.own_ae, own_port=args.own_port,
                fetch_by=args.by, tls=args.tls, ca_file=args.ca_file).checked()


def _wanted(what: str, node: Node, archives: "StoreArchives", output: Output) -> list[Wanted]:
    study, slash, series = what.partition("/")
    if slash:
        return [Wanted(study, series)]
    return [Wanted(one.study, one.uid) for one in archives.series(node, study, output.progress())]


def _only(words: Sequence[str], what: str) -> str:
    if len(words) != 1:
        raise GraticuleError(f"Give {what}.", "“graticule pacs --help” shows how.")
    return words[0]


def _day(text: str) -> str:
    if text and not _DAY.fullmatch(text):
        raise GraticuleError(f"“{text}” is not a day.", "Write it like 2024-03-31.")
    return text.replace("-", "")
