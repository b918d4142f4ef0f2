"""How a refusal travels: {"code", "error": sentence, "hint"}."""

import json
from collections.abc import Mapping
from typing import Any

from graticule.domain.errors import GraticuleError


class MessageFault(GraticuleError):
    """A message that cannot be understood. On the server: answer 400. On the desk: something else answered for the server."""


def fault_document(code: str, message: str, hint: str = "", **more: Any) -> dict[str, Any]:
    return {"code": code, "error": message, "hint": hint, **more}


def read_fault(data: bytes) -> Mapping[str, Any] | None:
    """The server's refusal, or None when `data` is not one (a proxy's error page)."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, dict) and isinstance(value.get("error"), str) and isinstance(value.get("code"), str):
        return value
    return None
