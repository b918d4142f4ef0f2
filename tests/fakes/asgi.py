"""A server application in this very process, spoken to by a real HTTP client."""

import asyncio
from typing import Any

import httpx


class AsgiTransport(httpx.BaseTransport):
    """Carries requests of a synchronous client into an ASGI application. `app` may be exchanged: the server was restarted."""

    def __init__(self, app: Any, client: tuple[str, int] = ("127.0.0.1", 4711)) -> None:
        self.app, self.client = app, client
        self._loop = asyncio.new_event_loop()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._loop.run_until_complete(self._carry(request, request.read()))

    def close(self) -> None:
        self._loop.close()

    async def _carry(self, request: httpx.Request, body: bytes) -> httpx.Response:
        path, _, query = request.url.raw_path.partition(b"?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": "http",
            "path": request.url.path,
            "raw_path": path,
            "query_string": query,
            "root_path": "",
            "client": self.client,
            "server": ("testserver", 80),
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
        }
        told: dict[str, Any] = {"body": b""}

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                told["status"], told["headers"] = message["status"], message["headers"]
            else:
                told["body"] += message.get("body", b"")

        try:
            await self.app(scope, receive, send)
        except Exception:
            # Starlette answers 500 and raises again for the server's own log.
            if "status" not in told:
                raise
        return httpx.Response(told["status"], headers=told["headers"], content=told["body"], request=request)
