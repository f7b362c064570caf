"""What a server may be told: limits, tokens, and the names that it answers to."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, fields
from typing import Final

from arner.errors import InputError

__all__ = ["LOOPBACK_NAMES", "Settings", "is_loopback"]

LOOPBACK_NAMES: Final = ("localhost", "127.0.0.1", "::1")
"""Names by which a browser on the same machine reaches a server that listens on the loopback interface."""

_LEAST_TOKEN: Final = 16


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Limits and access of a server. Lengths of text are in characters (code points), times in seconds.

    Attributes:
        tokens: each of them opens the API; with none, it is open to all who reach it.
        hosts: names that a request's Host header may have, in lower case and without port; empty for any.
        max_body: bytes of one request's body.
        max_bodies: bytes of all bodies that are in work at a time.
        max_chars: characters of one text.
        max_texts: texts of one request.
        max_requests: requests in work at a time.
        max_connections: open connections.
        queue_texts: texts that wait for the model.
        queue_chars: characters of the texts that wait for the model.
        max_wait: a request is refused while the texts before it need about this long.
        timeout: time for the answer to a request; in a stream, from one document to the next.
        read_timeout: time for the whole body of a request to come in, and for its head.
        write_timeout: time in which the client must take some of an answer.
        keep_alive: time that an idle connection stays open.
        grace: time to answer what was accepted when the server is told to stop.
        batch_texts: texts that the model reads at once.
        batch_chars: characters that the model reads at once; a longer text is read alone.
        batch_window: time that the first text waits for others to join its batch.

    Raises:
        InputError: a limit is not positive, a token is short, or the queue cannot hold one request.

    >>> Settings(max_texts=10).max_texts
    10
    """

    tokens: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    max_body: int = 2 * 1024 * 1024
    max_bodies: int = 64 * 1024 * 1024
    max_chars: int = 50_000
    max_texts: int = 1000
    max_requests: int = 800
    max_connections: int = 900
    queue_texts: int = 2000
    queue_chars: int = 4_000_000
    max_wait: float = 10.0
    timeout: float = 60.0
    read_timeout: float = 10.0
    write_timeout: float = 20.0
    keep_alive: int = 5
    grace: int = 60
    batch_texts: int = 16
    batch_chars: int = 8000
    batch_window: float = 0.005

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, int | float) and not (value > 0 or (field.name == "batch_window" and value == 0)):
                raise InputError(f"{field.name} must be positive, not {value!r}")
        for token in self.tokens:
            if len(token) < _LEAST_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
                raise InputError(
                    f"a token must have at least {_LEAST_TOKEN} printable ASCII characters without blanks; "
                    "make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
                )
        if self.queue_texts < self.max_texts:
            raise InputError(
                f"queue_texts is {self.queue_texts}, too few for one request of max_texts ({self.max_texts})"
            )
        if self.max_bodies < self.max_body:
            raise InputError(f"max_bodies is {self.max_bodies}, too little for one body of max_body ({self.max_body})")


def is_loopback(host: str) -> bool:
    """Whether only programs on this machine reach a server that listens on this address.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0"), is_loopback("news.example")
    (True, True, False, False)
    """
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]").split("%")[0]).is_loopback
    except ValueError:
        return False
