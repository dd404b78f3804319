"""What several of these tests need: a callee that counts, a server that says what it is told, deadlines."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from pydantic.fields import FieldInfo

from chaos.catalogue import KINDS, LinkFault
from chaos.links import Links

ROOT = Path(__file__).resolve().parents[2]

NAME = "caller--callee"
"""The link of these tests, where one is enough."""
ANSWER = b"x" * 2_000
"""What the callee of that link answers: long enough to break off."""


def eventually(what: Callable[[], bool], *, within: float = 5.0) -> bool:
    """Whether it comes true before the deadline."""
    deadline = time.monotonic() + within
    while not what():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def runs(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in ("Z", "X")


class _Served:
    """An HTTP server in threads, there while the context lasts."""

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        self._server = _Quiet(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self.address = f"127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 512

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that has gone is what these tests are about."""


class Scripted(_Served):
    """Answers each ``"METHOD /path"`` with the status and body given; keeps what was asked.

    A status of None means: never answer.
    """

    def __init__(self, answers: Mapping[str, tuple[int | None, str]]) -> None:
        self.asked: list[str] = []
        self.bodies: list[bytes] = []
        self.over = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def handle_one_request(self) -> None:
                self.raw_requestline = self.rfile.readline(65537)
                if not self.raw_requestline or not self.parse_request():
                    self.close_connection = True
                    return
                call = f"{self.command} {self.path}"
                outer.asked.append(call)
                outer.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
                status, body = answers.get(call, (404, '{"error": "not in the script", "status": 404}'))
                if status is None:
                    outer.over.wait()
                    return
                self.send_response(status)
                self.send_header("Content-Length", str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, format: str, *args: Any) -> None:
                pass

        super().__init__(Handler)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        super().__exit__(kind, error, trace)


class Callee(_Served):
    """A system with one write, ``POST /write``: it remembers each body executed, and says ``answer``."""

    def __init__(self) -> None:
        self.executed: list[str] = []
        self.answer = b"done"
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 65_536  # an answer is one piece on the wire

            def do_GET(self) -> None:
                self._answer(b"alive " + self.path.encode())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.executed.append(body.decode())
                self._answer(outer.answer)

            def _answer(self, body: bytes) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        super().__init__(Handler)


class Seen(NamedTuple):
    """What a caller saw of one write.

    Attributes:
        what: answered, cut short (in the body of the answer), refused, broken (closed or reset before it) or
            silence.
        seconds: until then.
        received: bytes of the answer's body.
        error: the exception, or None.
    """

    what: str
    seconds: float
    received: int
    error: Exception | None


class Caller:
    """One kept-alive connection to a link, and what its owner sees."""

    def __init__(self, address: str, *, patience: float) -> None:
        self._connection = http.client.HTTPConnection(address, timeout=patience)

    def open(self) -> None:
        """Connect, if that can be done; a link that is down shows with the next write."""
        with suppress(ConnectionRefusedError):
            self._connection.connect()

    def write(self, body: str) -> str:
        """Send one write; returns what came of it."""
        return self.see(body).what

    def see(self, body: str) -> Seen:
        """Send one write; returns all that came of it."""
        start = time.monotonic()
        received = b""
        error: Exception | None = None
        try:
            self._connection.request("POST", "/write", body.encode())
            answer = self._connection.getresponse()
            received = answer.read()
            what = "answered" if answer.status == 200 else f"status {answer.status}"
        except TimeoutError as silence:
            what, error = "silence", silence
        except ConnectionRefusedError as refusal:
            what, error = "refused", refusal
        except http.client.IncompleteRead as end:
            what, received, error = "cut short", end.partial, end
        except (ConnectionError, http.client.HTTPException) as end:
            what, error = "broken", end
        return Seen(what, time.monotonic() - start, len(received), error)

    def close(self) -> None:
        """Give up."""
        self._connection.close()


class Callers(ExitStack):
    """Callers of the one link, who hang up at the end."""

    def __init__(self, links: Links) -> None:
        super().__init__()
        self._address = links.links[NAME].listen

    def one(self, *, patience: float = 20.0) -> Caller:
        """Another one, who has not connected yet."""
        return self.enter_context(closing(Caller(self._address, patience=patience)))


def made(kind: str, name: str = "", **parameters: Any) -> LinkFault:
    """A link fault of that kind; named, where a name is given."""
    fault = KINDS[kind].model_validate({"kind": kind, **parameters})
    assert isinstance(fault, LinkFault)
    return fault.named(name) if name else fault


REQUIRED: dict[str, dict[str, Any]] = {"slow": {"latency": "1s"}}
"""What has to be said of kinds that cannot do without."""


def bound(field: FieldInfo, which: str) -> float:
    """The bound ``ge`` or ``le`` of a parameter."""
    [value] = [getattr(each, which) for each in field.metadata if hasattr(each, which)]
    return float(value)
