"""A connection with limits that uvicorn does not set: for a slow head, a slow reader, and too many connections."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from arner.serve.problems import PROBLEM_TYPE, RefusalError, overloaded
from arner.serve.settings import Settings

__all__ = ["connection_type"]

_log = logging.getLogger("arner.serve")


class _LimitedConnection(H11Protocol):
    limits: ClassVar[Settings]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._head_timer: asyncio.TimerHandle | None = None
        self._write_timer: asyncio.TimerHandle | None = None
        # What is written counts as taken only when all of it is, so that a reader who takes nothing is always seen.
        transport.set_write_buffer_limits(high=0)
        if len(self.connections) > self.limits.max_connections:
            self.app = _too_many
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timers()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is None or self.cycle.response_complete:
            self._await_head()
        elif self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def pause_writing(self) -> None:
        super().pause_writing()
        self._await_reader(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._write_timer is not None:
            self._write_timer.cancel()
            self._write_timer = None

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP is answered in the one shape of errors, where an answer is possible."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            refusal = RefusalError(400, "malformed_http", msg)
            body = refusal.body.model_dump_json().encode()
            headers = [
                (b"content-type", PROBLEM_TYPE.encode()),
                (b"content-length", str(len(body)).encode()),
                (b"connection", b"close"),
            ]
            events: list[Any] = [
                h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
                h11.Data(data=body),
                h11.EndOfMessage(),
            ]
            for event in events:
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _await_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self.limits.read_timeout, self._head_is_late)

    def _head_is_late(self) -> None:
        self._head_timer = None
        if (self.cycle is None or self.cycle.response_complete) and self.timeout_keep_alive_task is None:
            self.transport.abort()

    def _await_reader(self, left: int) -> None:
        self._write_timer = self.loop.call_later(self.limits.write_timeout, self._reader_is_late, left)

    def _reader_is_late(self, left: int) -> None:
        now = self.transport.get_write_buffer_size()
        if now < left:
            self._await_reader(now)
        else:
            _log.info("a client took nothing of its answer for %g seconds", self.limits.write_timeout)
            self.transport.abort()

    def _stop_timers(self) -> None:
        for timer in (self._head_timer, self._write_timer):
            if timer is not None:
                timer.cancel()


async def _too_many(scope: Any, receive: Any, send: Any) -> None:
    """The application of a connection that is one too many."""
    await overloaded(2).response(close=True)(scope, receive, send)


def connection_type(settings: Settings) -> type[asyncio.Protocol]:
    """The class of connections with these limits."""
    return type("LimitedConnection", (_LimitedConnection,), {"limits": settings})
