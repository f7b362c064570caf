"""Reading over HTTP: one model behind a JSON API and a page, for programs and people. Needs `arner[serve]`.

`create_app` makes an ASGI application from an extractor, `serve` runs one until it is told to stop. Importing this
package loads neither FastAPI nor uvicorn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arner.errors import MissingExtraError
from arner.serve.settings import Settings, is_loopback

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from fastapi import FastAPI

    from arner.extractor import Extractor

__all__ = ["Settings", "create_app", "is_loopback", "serve"]


def create_app(extractor: Extractor, settings: Settings | None = None) -> FastAPI:
    """An ASGI application that reads with this extractor.

    Its lifespan starts and stops the thread that reads, so the server that runs it must support lifespans.

    Args:
        extractor: the model, rules and knowledge.
        settings: limits, tokens and host names; the defaults are in `Settings`.

    Raises:
        MissingExtraError: FastAPI or prometheus-client is not installed.
    """
    try:
        from arner.serve.app import build_app
    except ImportError as error:
        raise _missing(error) from error
    return build_app(extractor, settings or Settings())


def serve(
    load: Callable[[], Extractor],
    settings: Settings | None = None,
    *,
    listener: socket.socket,
    log_level: str = "info",
    access_log: bool = False,
) -> None:
    """Serve on an open socket until SIGTERM or Ctrl-C, then answer what was accepted and return.

    Args:
        load: makes the extractor; called once, after it is known that all packages are there.
        settings: limits, tokens and host names.
        listener: a bound TCP socket; closed at the end.
        log_level: least level of what is logged on standard error: "critical", "error", "warning", "info" or "debug".
        access_log: whether each request is logged, without its text.

    Raises:
        MissingExtraError: FastAPI, uvicorn or prometheus-client is not installed.
    """
    try:
        from arner.serve.server import run
    except ImportError as error:
        raise _missing(error) from error
    run(load, settings or Settings(), listener, log_level=log_level, access_log=access_log)


def _missing(error: ImportError) -> ImportError:
    """The error to raise: a missing package of the extra is told with its remedy, anything else as it is."""
    package = (error.name or "").split(".")[0]
    known = package in ("fastapi", "starlette", "uvicorn", "h11", "prometheus_client")
    return MissingExtraError("arner serve", "serve") if known else error
