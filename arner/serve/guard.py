"""What every request passes before a route sees it: host, token, type and size of the body, load; and what it leaves.

The body is read here, whole and within limits of bytes and time. From then on it is watched whether the client is still
there: if it leaves, the work for it ends.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import time
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from arner.serve.metrics import Metrics
from arner.serve.problems import RefusalError, internal_error, overloaded, stopping
from arner.serve.settings import Settings

__all__ = ["Guard"]

_log = logging.getLogger("arner.serve")

_ALWAYS_ANSWERED: Final = "/health"
"""Paths that probes ask: they need no token and no room."""

_TAKES_JSON: Final = ("/v1/extract", "/v1/explain")

_SECURITY: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
}

_LINGER: Final = 2.0
"""Seconds for which a body that is refused is still taken in, so that the client comes to read the answer."""


class _GoneError(Exception):
    """The client has left."""


class Guard:
    """ASGI middleware around the whole application.

    Args:
        app: the application.
        settings: limits, tokens and host names.
        metrics: told of every request.
        paths: those that exist.
    """

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics, paths: Collection[str]) -> None:
        self._app = app
        self._paths = paths
        self._settings = settings
        self._metrics = metrics
        self._tokens = tuple(_digest(token.encode()) for token in settings.tokens)
        self._in_work = 0
        self._bodies = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; anything but HTTP goes through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        begin = time.perf_counter()
        self._in_work += 1
        self._metrics.in_flight.inc()
        held = _Held(self)
        try:
            await self._serve(scope, receive, answer, held)
        except _GoneError:
            self._metrics.abandoned.inc()
        except RefusalError as refusal:
            self._metrics.refused.labels(refusal.body.code).inc()
            await _linger(scope, receive, self._settings.max_body)
            await refusal.response(close=True)(scope, receive, answer.send)
        except asyncio.CancelledError:  # the server's time to stop is over
            if answer.status:
                raise
            await stopping().response(close=True)(scope, receive, answer.send)
        except Exception:
            if answer.status:
                raise
            _log.exception("%s %s failed", _method(scope), self._known(scope))
            await internal_error().response(close=True)(scope, receive, answer.send)
        finally:
            held.release()
            self._in_work -= 1
            self._metrics.in_flight.dec()
            path = self._known(scope)
            self._metrics.requests.labels(_method(scope), path, str(answer.status or "none")).inc()
            self._metrics.seconds.labels(path).observe(time.perf_counter() - begin)

    async def _serve(self, scope: Scope, receive: Receive, answer: _Answer, held: _Held) -> None:
        headers = Headers(scope=scope)
        path = str(scope["path"])
        self._check_host(headers)
        probe = path == _ALWAYS_ANSWERED or path.startswith(_ALWAYS_ANSWERED + "/")
        if not probe and self._in_work > self._settings.max_requests:
            raise overloaded(1)
        if path.startswith("/v1/") or path == "/metrics":
            self._check_token(headers)
        body = await self._body(scope["method"], path, headers, receive, held)
        await _run_while_wanted(self._app, scope, body, receive, answer.send)

    def _check_host(self, headers: Headers) -> None:
        """A page of somebody else's whose name is made to lead here must not reach a server without a token."""
        if not self._settings.hosts:
            return
        try:
            name = urlsplit("//" + headers.get("host", "")).hostname
        except ValueError:
            name = None
        if name not in self._settings.hosts:
            raise RefusalError(
                421, "wrong_host", "this server does not answer to the name in the Host header; see --allow-host"
            )

    def _check_token(self, headers: Headers) -> None:
        if not self._tokens:
            return
        scheme, _, given = headers.get("authorization", "").partition(" ")
        digest = _digest(given.strip().encode("latin-1", "replace"))
        # All are compared, so that the time tells nothing.
        if sum(hmac.compare_digest(digest, token) for token in self._tokens) == 0 or scheme.lower() != "bearer":
            raise RefusalError(
                401,
                "unauthorized",
                "send the header Authorization: Bearer TOKEN with a token of this server",
                headers={"www-authenticate": 'Bearer realm="arner"'},
            )

    async def _body(self, method: str, path: str, headers: Headers, receive: Receive, held: _Held) -> bytes:
        limit = self._settings.max_body
        length = headers.get("content-length", "")
        if length.isdigit() and int(length[:20]) > limit:
            raise self._too_large()
        if method == "POST" and path in _TAKES_JSON:
            kind, _, parameters = headers.get("content-type", "").partition(";")
            charset = parameters.lower().replace(" ", "").replace('"', "").partition("charset=")[2].partition(";")[0]
            if kind.strip().lower() != "application/json" or charset not in ("", "utf-8", "utf8"):
                raise RefusalError(
                    415, "unsupported_media_type", "send JSON in UTF-8 with the header Content-Type: application/json"
                )
        chunks: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(self._settings.read_timeout):
                more = True
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise _GoneError
                    chunk = message.get("body", b"")
                    size += len(chunk)
                    if size > limit:
                        raise self._too_large()
                    if not held.take(len(chunk)):
                        raise overloaded(2)
                    chunks.append(chunk)
                    more = message.get("more_body", False)
        except TimeoutError:
            raise RefusalError(
                408, "slow_body", f"the body did not come in within {self._settings.read_timeout:g} seconds"
            ) from None
        return b"".join(chunks)

    def _too_large(self) -> RefusalError:
        return RefusalError(
            413,
            "body_too_large",
            f"the body is over {self._settings.max_body} bytes; send texts in several requests",
        )

    def _known(self, scope: Scope) -> str:
        """The path, for logs and metrics; all that do not exist are one."""
        return scope["path"] if scope["path"] in self._paths else "other"

    def take(self, size: int) -> bool:
        """Whether there is room for so many more bytes of bodies; counts them if so."""
        if self._bodies + size > self._settings.max_bodies:
            return False
        self._bodies += size
        return True

    def give_back(self, size: int) -> None:
        """Count so many bytes less."""
        self._bodies -= size


class _Held:
    """The bytes that one request's body takes of the room for all."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._size = 0

    def take(self, size: int) -> bool:
        taken = self._guard.take(size)
        if taken:
            self._size += size
        return taken

    def release(self) -> None:
        self._guard.give_back(self._size)
        self._size = 0


class _Answer:
    """Sends an answer with the headers that all have, and remembers its status."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in _SECURITY.items():
                headers.setdefault(name, value)
        await self._send(message)


async def _run_while_wanted(app: ASGIApp, scope: Scope, body: bytes, receive: Receive, send: Send) -> None:
    """Run the application on a body that has come in; stop it where the client leaves."""
    gone = asyncio.ensure_future(_until_gone(receive))
    given = False

    async def replay() -> Message:
        nonlocal given
        if not given:
            given = True
            return {"type": "http.request", "body": body, "more_body": False}
        await asyncio.shield(gone)
        return {"type": "http.disconnect"}

    async def call() -> None:
        await app(scope, replay, send)

    work = asyncio.ensure_future(call())
    try:
        await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise _GoneError
        await work
    finally:
        gone.cancel()
        work.cancel()
        await asyncio.gather(work, gone, return_exceptions=True)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _linger(scope: Scope, receive: Receive, limit: int) -> None:
    """Take in the rest of a body that is refused, within bounds."""
    headers = Headers(scope=scope)
    if headers.get("expect", "").lower() == "100-continue":
        return  # the client has not begun to send
    if headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers:
        return
    size = 0
    try:
        async with asyncio.timeout(_LINGER):
            while size <= limit:
                message = await receive()
                size += len(message.get("body", b""))
                if not message.get("more_body", False):
                    return
    except TimeoutError:
        return


def _digest(token: bytes) -> bytes:
    """What is compared in place of a token: of one length whatever the token's."""
    return hashlib.sha256(token).digest()


def _method(scope: Scope) -> str:
    method = str(scope["method"])
    return method if method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS") else "other"
