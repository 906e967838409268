"""An HTTP server on this machine that a stub of a CRM answers for."""

from __future__ import annotations

import json
import ssl
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock
from typing import Any

from python_checks.processes import serve

Answer = tuple[int, Any]
LONGEST_WAIT_SECONDS = 60


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one write request.

    Attributes:
        status: Status of the answer; none: the connection ends without an answer.
        retry_after: Header of that name.
        does_write: Whether the request is carried out all the same.
    """

    status: int | None = None
    retry_after: str | None = None
    does_write: bool = False


@dataclass
class Stub:
    """A CRM that keeps its records in memory.

    Attributes:
        records: Key to fields.
        writes: How often each record was written.
        refused: Key to the reason why its values are refused.
        faults: What goes wrong with the next write requests.
        slowness: Seconds that a write request takes.
        goes_on: A write request waits until this is set, as it is at first.
        requests: Method and path of every request.
        bend: Changes an answer, called with its path; bytes are sent as they are.
    """

    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    writes: Counter[str] = field(default_factory=Counter)
    refused: dict[str, str] = field(default_factory=dict)
    faults: deque[Fault] = field(default_factory=deque)
    slowness: float = 0
    goes_on: Event = field(default_factory=Event)
    requests: list[tuple[str, str]] = field(default_factory=list)
    bend: Callable[[str, Answer], Answer] | None = None
    lock: Any = field(default_factory=Lock)
    tls: ssl.SSLContext | None = None

    def __enter__(self) -> Any:
        """Start to listen."""
        self.goes_on.set()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        if self.tls is not None:
            self.server.socket = self.tls.wrap_socket(self.server.socket, server_side=True)
        serve(self.server)
        return self

    def __exit__(self, *error: object) -> None:
        """Stop."""
        self.server.shutdown()
        self.server.server_close()

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.server.server_address[1]

    def written(self) -> int:
        """Return how many writes there were."""
        return self.writes.total()

    def is_write(self, method: str, path: str) -> bool:
        """Whether a request changes records."""
        raise NotImplementedError

    def answer(self, method: str, path: str, headers: Any, body: Any) -> Answer:
        """Carry out a request."""
        raise NotImplementedError

    def error(self, status: int, message: str) -> Answer:
        """An error in the form of the CRM."""
        raise NotImplementedError


def _handler(stub: Stub) -> type[BaseHTTPRequestHandler]:
    """A handler that asks the stub."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def respond(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            text = self.rfile.read(length).decode()
            body = json.loads(text) if text else None
            stub.requests.append((self.command, self.path))
            fault = None
            if stub.is_write(self.command, self.path):
                time.sleep(stub.slowness)
                stub.goes_on.wait(LONGEST_WAIT_SECONDS)
                fault = stub.faults.popleft() if stub.faults else None
            if fault is None or fault.does_write:
                with stub.lock:
                    status, content = stub.answer(self.command, self.path, self.headers, body)
            if fault is not None and fault.status is None:
                self.close_connection = True
                self.connection.close()
                return
            if fault is not None:
                status, content = stub.error(fault.status or 0, "try later")
            if stub.bend is not None:
                status, content = stub.bend(self.path, (status, content))
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json;charset=utf-8")
                self.send_header("Content-Length", str(len(data)))
                if fault is not None and fault.retry_after is not None:
                    self.send_header("Retry-After", fault.retry_after)
                self.end_headers()
                self.wfile.write(data)
            except OSError:
                self.close_connection = True

        do_GET = do_POST = do_PATCH = respond  # noqa: N815

        def log_message(self, *words: object) -> None:
            """Be quiet."""

    return Handler
