"""The console: one page that says who reads, from where, and how much of it has arrived. No label is on it."""

import base64
import binascii
import hmac
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from graticule.server.central_store import CentralStore
from graticule.server.requests import from_loopback
from graticule.sync.messages import FleetRow

_STYLE = """
body { margin: 0; background: #16181b; color: #e6e6e3; font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 2.5rem 1.5rem; }
h1 { font-size: 1.4rem; font-weight: 600; margin: 0 0 .2rem; } h2 { font-size: 1rem; font-weight: 600; margin: 2.2rem 0 .6rem; }
p { color: #a3a6a8; margin: 0; } code { color: #e6e6e3; background: #24272b; padding: .1rem .4rem; border-radius: 3px; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; padding: .45rem .9rem .45rem 0; border-bottom: 1px solid #2c3035; }
th { color: #a3a6a8; font-weight: 500; } .n { text-align: right; font-variant-numeric: tabular-nums; }
"""


async def console_page(request: Request, store: CentralStore) -> Response:
    """For this machine as it is; from elsewhere after the invitation code, asked for as a password."""
    if not (from_loopback(request) or _has_code(request, store.identity.invitation)):
        return Response("The code of this server is needed.", 401, {"WWW-Authenticate": 'Basic realm="Graticule server"'})
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
    return HTMLResponse(await run_in_threadpool(_page, store), headers=headers)


def _page(store: CentralStore) -> str:
    devices = store.fleet()
    people = [
        (row["name"], row["specialty"] or "–", row["devices"], _time(row["last_contact_ms"]), row["signed"], row["drafts"])
        for row in store.readers()
    ]
    machines = [
        (row.name, row.reader_name, _time(row.last_contact_ms), row.signed, row.drafts, row.outbox, _remark(row))
        for row in devices
    ]
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>Graticule server</title><style>{_STYLE}</style><main>"
        "<h1>Graticule server</h1>"
        f"<p>Invitation code for new workstations: <code>{escape(store.identity.invitation)}</code></p>"
        + _table("Readers", ("Reader", "Specialty", "Workstations", "Last contact", "Signed reads", "Draft versions"), people)
        + _table(
            "Workstations",
            ("Workstation", "Reader", "Last contact", "Signed reads", "Draft versions", "Waiting to send", ""),
            machines,
        )
        + "</main></html>"
    )


def _table(title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    body = "".join("<tr>" + "".join(_cell(value) for value in row) + "</tr>" for row in rows)
    if not body:
        return f"<h2>{title}</h2><p>None yet.</p>"
    return f"<h2>{title}</h2><table><tr>{''.join(f'<th>{head}</th>' for head in heads)}</tr>{body}</table>"


def _cell(value: object) -> str:
    return f"<td class=n>{value}</td>" if isinstance(value, int) else f"<td>{escape(str(value))}</td>"


def _remark(row: FleetRow) -> str:
    remarks = []
    if row.held:
        remarks.append(f"{row.held} held at server")
    if abs(row.clock_offset_ms) > 5 * 60 * 1000:
        remarks.append("clock is wrong")
    if row.parent:
        remarks.append("continues another workstation")
    return ", ".join(remarks)


def _time(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _has_code(request: Request, invitation: str) -> bool:
    scheme, _, packed = request.headers.get("authorization", "").partition(" ")
    try:
        given = base64.b64decode(packed, validate=True).partition(b":")[2] if scheme == "Basic" else b""
    except binascii.Error:
        return False
    return hmac.compare_digest(given, invitation.encode())
