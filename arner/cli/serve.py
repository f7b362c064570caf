"""`arner serve`: a JSON API and a page over HTTP."""

from __future__ import annotations

import os
import socket
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from arner.cli.options import DateOption, DeviceOption, KnowledgeOption, MinScoreOption, ModelOption, RulesOption
from arner.errors import InputError

if TYPE_CHECKING:
    from arner.extractor import Extractor

__all__ = ["serve_command"]


class LogLevel(StrEnum):
    """What is logged on standard error."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def _limit(default: str) -> Any:
    return typer.Option(rich_help_panel="Limits", help=default)


def serve_command(
    host: Annotated[
        str, typer.Option(help="Address to listen on. Beyond this machine, such as 0.0.0.0, only with a token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8000,
    token: Annotated[
        str | None,
        typer.Option(
            envvar="ARNER_TOKEN",
            show_default=False,
            help="Secret that requests to /v1 and /metrics must send as Authorization: Bearer TOKEN. Other users of "
            "this machine can see it in the command line; the environment variable or --token-file hides it.",
        ),
    ] = None,
    token_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            show_default=False,
            help="File of tokens, one a line, each of which opens the API: put a new one beside the old to change it.",
        ),
    ] = None,
    allow_no_token: Annotated[
        bool, typer.Option("--allow-no-token", help="Listen beyond this machine although there is no token.")
    ] = False,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            show_default=False,
            help="Name that the Host header may have; may be given more than once. By default those of this machine "
            "where a server without token listens on it alone, else any.",
        ),
    ] = None,
    model: ModelOption = "default",
    device: DeviceOption = "auto",
    rules: RulesOption = None,
    knowledge: KnowledgeOption = None,
    min_score: MinScoreOption = 0.0,
    date: DateOption = None,
    max_body: Annotated[int, _limit("Bytes of one request's body.")] = 2 * 1024 * 1024,
    max_bodies: Annotated[int, _limit("Bytes of all bodies in work at a time.")] = 64 * 1024 * 1024,
    max_chars: Annotated[int, _limit("Characters of one text.")] = 50_000,
    max_texts: Annotated[int, _limit("Texts of one request.")] = 1000,
    max_requests: Annotated[int, _limit("Requests in work at a time.")] = 800,
    max_connections: Annotated[int, _limit("Open connections.")] = 900,
    queue_texts: Annotated[int, _limit("Texts that wait for the model.")] = 2000,
    queue_chars: Annotated[int, _limit("Characters of the texts that wait for the model.")] = 4_000_000,
    max_wait: Annotated[float, _limit("Seconds: refuse while the texts that wait need longer.")] = 10.0,
    timeout: Annotated[float, _limit("Seconds for an answer; in a stream, from document to document.")] = 60.0,
    read_timeout: Annotated[float, _limit("Seconds in which a request must come in.")] = 10.0,
    write_timeout: Annotated[float, _limit("Seconds in which a client must take some of its answer.")] = 20.0,
    keep_alive: Annotated[int, _limit("Seconds that an idle connection stays open.")] = 5,
    grace: Annotated[int, _limit("Seconds to answer what was accepted when told to stop.")] = 60,
    batch_texts: Annotated[int, _limit("Texts that the model reads at once.")] = 16,
    batch_chars: Annotated[int, _limit("Characters that the model reads at once; a longer text is read alone.")] = 8000,
    batch_window: Annotated[float, _limit("Seconds that a text waits for others to join its batch.")] = 0.005,
    log_level: Annotated[
        LogLevel, typer.Option(help="Least level of what is logged on standard error.")
    ] = LogLevel.INFO,
    access_log: Annotated[
        bool, typer.Option("--access-log/--no-access-log", help="Log each request, without its text.")
    ] = False,
) -> None:
    """Serve a page for people at / and a JSON API for programs under /v1, until Ctrl-C or SIGTERM.

    One model reads for all, several requests in one batch; each answer is that of arner extract.

    GET /openapi.json describes the API. What was accepted is answered before the server ends.
    """
    from arner.serve import Settings, is_loopback, serve
    from arner.serve.settings import LOOPBACK_NAMES

    tokens = _tokens(token, token_file)
    if not is_loopback(host) and not tokens and not allow_no_token:
        raise typer.BadParameter(
            f"{host} is reached from other machines, so the API needs a token: set ARNER_TOKEN or --token-file, or say "
            "--allow-no-token",
            param_hint="--host",
        )
    names = tuple(name.lower().strip("[]") for name in allow_host or ())
    if is_loopback(host) and not tokens:
        names += (*LOOPBACK_NAMES, host.lower().strip("[]"))
    try:
        settings = Settings(
            tokens=tokens,
            hosts=names,
            max_body=max_body,
            max_bodies=max_bodies,
            max_chars=max_chars,
            max_texts=max_texts,
            max_requests=max_requests,
            max_connections=max_connections,
            queue_texts=queue_texts,
            queue_chars=queue_chars,
            max_wait=max_wait,
            timeout=timeout,
            read_timeout=read_timeout,
            write_timeout=write_timeout,
            keep_alive=keep_alive,
            grace=grace,
            batch_texts=batch_texts,
            batch_chars=batch_chars,
            batch_window=batch_window,
        )
    except InputError as error:
        raise typer.BadParameter(str(error)) from None

    def load() -> Extractor:
        from arner.extractor import Extractor

        return Extractor(
            model, rules=rules or (), knowledge=knowledge or (), min_score=min_score, device=device, date=date
        )

    with _listener(host, port) as listener:  # an address that is taken is told before a model is read
        serve(load, settings, listener=listener, log_level=log_level.value, access_log=access_log)


def _tokens(token: str | None, file: Path | None) -> tuple[str, ...]:
    tokens = [token] if token else []
    if file is not None:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            raise InputError(f"{file} is not text in UTF-8") from None
        found = [line.strip() for line in lines if line.strip()]
        if not found:
            raise InputError(f"{file} holds no token")
        tokens += found
    return tuple(tokens)


def _listener(host: str, port: int) -> socket.socket:
    """A socket that is bound, and not yet listening."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError):
        raise InputError(f"--host: no address is known for {host!r}") from None
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise InputError(f"cannot listen on {host} port {port}: {error.strerror or error}") from None
    return listener
