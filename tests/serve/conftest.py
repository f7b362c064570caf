"""A reader that needs no model, an application in this process, and a server on a port of this machine."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import httpx2
import pytest
from starlette.testclient import TestClient

from arner.extractor import Extractor
from arner.serve import Settings, create_app
from arner.serve.routes import WARM_UP
from arner.serve.server import make_server
from tests.conftest import NAMES, ListRecognizer


class SteadyRecognizer(ListRecognizer):
    """One that leaves out names that score below, as the model does."""

    def recognize(self, text: str) -> list[object]:
        return [name for name in super().recognize(text) if name.score >= self.min_score]


def list_extractor(**options) -> Extractor:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "arner.extractor.load_recognizer", lambda *_, min_score=0.0, **__: SteadyRecognizer(NAMES, min_score)
        )
        return Extractor(**options)


@pytest.fixture(scope="session")
def extractor() -> Extractor:
    return list_extractor()


@pytest.fixture(scope="session")
def strict_extractor() -> Extractor:
    """One that takes no name of the list."""
    return list_extractor(min_score=0.95)


class Gate:
    """An extractor that waits at a gate, and fails or takes its time where a text says so."""

    def __init__(self, extractor: Extractor) -> None:
        self._extractor = extractor
        self.model = extractor.model
        self.open = threading.Event()
        self.entered = threading.Event()
        self.batches: list[list[str]] = []

    def extract_batch(self, items):
        if items[0] == WARM_UP:
            return self._extractor.extract_batch(items)
        self.batches.append([item.text for item in items])
        self.entered.set()
        assert self.open.wait(20)
        if any("ERROR" in item.text for item in items):
            raise RuntimeError("a text that cannot be read")
        return self._extractor.extract_batch(items)

    def explain(self, *args, **options):
        return self._extractor.explain(*args, **options)


@pytest.fixture
def gate(extractor) -> Iterator[Gate]:
    gate = Gate(extractor)
    yield gate
    gate.open.set()


@pytest.fixture
def client_for(extractor):
    """Makes clients of applications with these settings; the requests stay in this process."""
    with contextlib.ExitStack() as stack:

        def make(reader=None, **settings) -> TestClient:
            app = create_app(reader or extractor, Settings(**settings))
            return stack.enter_context(TestClient(app, raise_server_exceptions=False))

        yield make


@pytest.fixture(scope="module")
def client(extractor) -> Iterator[TestClient]:
    with TestClient(create_app(extractor)) as made:
        yield made


class Running:
    """A server in a thread of its own."""

    def __init__(self, reader, settings: Settings) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self.socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.server = make_server(reader, settings, log_level="critical")
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.socket]}, daemon=True)
        self.thread.start()
        until(lambda: self.server.started)

    def stop(self, wait: bool = True) -> None:
        self.server.should_exit = True
        if wait:
            self.thread.join(20)
            assert not self.thread.is_alive()

    def metrics(self) -> str:
        return httpx2.get(self.url + "/metrics").text

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def send(self, data: bytes) -> bytes:
        """All that comes back on a connection on which these bytes are sent."""
        with self.connect() as connection:
            connection.sendall(data)
            return everything(connection)


def until(holds, seconds: float = 20) -> None:
    """Wait for something that is bound to come."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)


def everything(connection: socket.socket) -> bytes:
    parts = []
    with contextlib.suppress(ConnectionResetError):
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


@pytest.fixture
def server_for(extractor):
    """Starts servers with these settings; they are stopped at the end."""
    with contextlib.ExitStack() as stack:

        def make(reader=None, **settings) -> Running:
            running = Running(reader or extractor, Settings(**{"keep_alive": 1, "grace": 10, **settings}))
            stack.callback(running.stop)
            return running

        yield make
