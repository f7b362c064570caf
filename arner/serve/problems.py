"""The one shape of every refusal and error: problem details as RFC 9457 has them, with a code that programs read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

__all__ = [
    "PROBLEM_TYPE",
    "Fault",
    "Problem",
    "ProblemDetails",
    "RefusalError",
    "internal_error",
    "overloaded",
    "problem_of_status",
    "stopping",
]

PROBLEM_TYPE: Final = "application/problem+json"


class Fault(BaseModel):
    """One thing that is wrong in a request."""

    where: str = Field(description="the field, such as texts.3.date")
    what: str = Field(description="what is wrong with it")


class ProblemDetails(BaseModel):
    """Why a request was not answered (RFC 9457)."""

    model_config = ConfigDict(extra="forbid")

    type: str = "about:blank"
    title: str = Field(description="the status in words")
    status: int = Field(description="the status code")
    code: str = Field(description="what went wrong, for programs")
    detail: str = Field(description="what went wrong and what to do, for people")
    errors: tuple[Fault, ...] = Field(default=(), description="the fields that are wrong, where it is about fields")


class RefusalError(HTTPException):
    """A request that is refused: raised anywhere below a request, answered as problem details.

    Args:
        status: the status code.
        code: what went wrong, for programs.
        detail: what went wrong and what to do, for people.
        errors: the fields that are wrong.
        retry_after: seconds after which another try may fare better.
        headers: more headers of the answer.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Sequence[Fault] = (),
        retry_after: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        sent = dict(headers or {})
        if retry_after is not None:
            sent["retry-after"] = str(max(1, math.ceil(retry_after)))
        super().__init__(status, detail, sent)
        self.body = ProblemDetails(
            title=HTTPStatus(status).phrase, status=status, code=code, detail=detail, errors=tuple(errors)
        )

    def response(self, *, close: bool = False) -> Problem:
        """The answer; `close` ends the connection after it."""
        headers = {**(self.headers or {}), **({"connection": "close"} if close else {})}
        return Problem(self.body, headers)


class Problem(Response):
    """Problem details as a response."""

    def __init__(self, body: ProblemDetails, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(
            body.model_dump_json(), status_code=body.status, media_type=PROBLEM_TYPE, headers=dict(headers or {})
        )


def internal_error() -> RefusalError:
    """The answer to a request on which the server itself failed."""
    return RefusalError(500, "internal_error", "the server failed on this request; its log says how")


def stopping() -> RefusalError:
    """The refusal of a server that is about to end."""
    return RefusalError(503, "stopping", "the server stops; try again later", retry_after=5)


def overloaded(retry_after: float) -> RefusalError:
    """The refusal of a server that has enough to do."""
    return RefusalError(503, "overloaded", "the server has enough to read; try again later", retry_after=retry_after)


def problem_of_status(status: int, detail: Any, headers: Mapping[str, str] | None = None) -> Problem:
    """What the framework itself refuses, such as an unknown path, in the one shape."""
    phrase = HTTPStatus(status).phrase
    code = phrase.lower().replace(" ", "_").replace("-", "_")
    text = detail if isinstance(detail, str) else phrase
    return Problem(ProblemDetails(title=phrase, status=status, code=code, detail=text), headers)
