"""The server: uvicorn with the limits of the settings, logs on standard error, and an end that answers what it took."""

from __future__ import annotations

import copy
import logging
import signal
import socket
import threading
from collections.abc import Callable
from typing import Any

import uvicorn
from uvicorn.config import LOGGING_CONFIG

from arner.extractor import Extractor
from arner.serve.app import build_app
from arner.serve.connection import connection_type
from arner.serve.settings import Settings

__all__ = ["make_server", "run"]

_log = logging.getLogger("arner.serve")


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listener in sockets or ():
            host, port = listener.getsockname()[:2]
            _log.info("serving on http://%s:%d", f"[{host}]" if ":" in host else host, port)


def make_server(
    extractor: Extractor, settings: Settings, *, log_level: str = "info", access_log: bool = False
) -> uvicorn.Server:
    """A server that is ready to run.

    Args:
        extractor: what reads.
        settings: its limits.
        log_level: least level of what is logged.
        access_log: whether each request is logged.
    """
    logs: dict[str, Any] = copy.deepcopy(LOGGING_CONFIG)
    logs["handlers"]["access"]["stream"] = "ext://sys.stderr"
    logs["loggers"]["arner.serve"] = {"handlers": ["default"], "level": log_level.upper(), "propagate": False}
    config = uvicorn.Config(
        build_app(extractor, settings),
        http=connection_type(settings),
        ws="none",
        lifespan="on",
        loop="asyncio",
        log_config=logs,
        log_level=log_level,
        access_log=access_log,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=settings.keep_alive,
        timeout_graceful_shutdown=settings.grace,
        h11_max_incomplete_event_size=16 * 1024,
    )
    return _Server(config)


def run(
    load: Callable[[], Extractor],
    settings: Settings,
    listener: socket.socket,
    *,
    log_level: str = "info",
    access_log: bool = False,
) -> None:
    """See `arner.serve.serve`."""
    server = make_server(load(), settings, log_level=log_level, access_log=access_log)
    if threading.current_thread() is threading.main_thread():
        # uvicorn raises the signal once more when all is done; a stop that was asked for is no failure.
        signal.signal(signal.SIGTERM, lambda *_: None)
    server.run(sockets=[listener])
