"""Stands between the command and Tryton, counts writes and lets some of them go wrong."""

from __future__ import annotations

import http.client
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from python_checks.processes import serve
from python_checks.tests.engines.crm_sync.stub_server import Fault

WRITE = b"model.sale.opportunity.write"
KEPT_HEADERS = ("Content-Type", "Authorization", "User-Agent")


@dataclass
class TrytonProxy:
    """A proxy of a Tryton server.

    Attributes:
        port: Where the server listens.
        faults: What goes wrong with the next writes.
        writes: How many writes there were.
    """

    port: int
    faults: deque[Fault] = field(default_factory=deque)
    writes: int = 0

    def __enter__(self) -> TrytonProxy:
        """Start to listen."""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        serve(self.server)
        return self

    def __exit__(self, *error: object) -> None:
        """Stop."""
        self.server.shutdown()
        self.server.server_close()

    def url(self, database: str) -> str:
        """Address of the API."""
        return f"http://127.0.0.1:{self.server.server_address[1]}/{database}/"

    def forward(self, path: str, headers: Any, body: bytes) -> tuple[int, str, bytes]:
        """Ask the server; return status, type and content of its answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        kept = {name: headers[name] for name in KEPT_HEADERS if name in headers}
        connection.request("POST", path, body, kept)
        answer = connection.getresponse()
        found = answer.status, answer.headers["Content-Type"] or "", answer.read()
        connection.close()
        return found


def _handler(proxy: TrytonProxy) -> type[BaseHTTPRequestHandler]:
    """A handler that forwards, or does what a fault says."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            is_write = WRITE in body
            proxy.writes += is_write
            fault = proxy.faults.popleft() if is_write and proxy.faults else None
            if fault is None or fault.does_write:
                status, kind, content = proxy.forward(self.path, self.headers, body)
            if fault is not None and fault.status is None:
                self.close_connection = True
                self.connection.close()
                return
            if fault is not None:
                status, kind, content = fault.status or 500, "text/plain", b""
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *words: object) -> None:
            """Be quiet."""

    return Handler
