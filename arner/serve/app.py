"""The application: routes, errors in one shape, the guard around them, and the OpenAPI description."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final

from fastapi import FastAPI, Request, Response, Security
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from pydantic_core import from_json
from starlette.exceptions import HTTPException
from starlette.routing import Route

from arner._version import __version__
from arner.extractor import Extractor
from arner.schema import Document
from arner.serve.guard import Guard
from arner.serve.messages import Documents, ExplainAnswer, Health
from arner.serve.metrics import Metrics
from arner.serve.page_files import page_file, page_paths
from arner.serve.problems import PROBLEM_TYPE, Fault, ProblemDetails, RefusalError, problem_of_status
from arner.serve.routes import NDJSON, WARM_UP, Routes
from arner.serve.settings import Settings

__all__ = ["build_app"]

_FAULTS: Final = 20
"""Faults of one request that are told."""

_TAGS: Final = frozenset({"body", "one", "many", "str", "object"})
"""Parts of an error's place that are no fields."""

_REFUSALS: Final = {
    400: "the body is not JSON in UTF-8",
    401: "a token is wanted",
    408: "the body came in too slowly",
    413: "the body, a text or the list is too long",
    415: "the body is not declared as JSON",
    421: "the Host header names another server",
    422: "the JSON does not have the shape that is wanted, or a text cannot be read",
    500: "the server failed",
    503: "the server has enough to do, or stops; Retry-After says when to come back",
    504: "the text was not read in time",
}

_ABOUT: Final = (
    "Named entities and relations from Arabic news text. Offsets are half-open and count code points. Every refusal "
    "and error is `application/problem+json` (RFC 9457) with a `code`."
)


_Responses = dict[int | str, dict[str, Any]]


class _StrictRequest(Request):
    async def json(self) -> Any:
        """The body as JSON, which is UTF-8 and knows no NaN (RFC 8259)."""
        try:
            return from_json(await self.body(), allow_inf_nan=False)
        except ValueError as error:
            raise RefusalError(400, "malformed_json", f"the body is not JSON in UTF-8: {error}") from None


class _StrictRoute(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def strict(request: Request) -> Response:
            return await handle(_StrictRequest(request.scope, request.receive))

        return strict


def build_app(extractor: Extractor, settings: Settings) -> FastAPI:
    """See `arner.serve.create_app`."""
    metrics = Metrics(extractor.model)
    routes = Routes(extractor, settings, metrics)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(routes.batcher.measure, WARM_UP)
        routes.batcher.start()
        try:
            yield
        finally:
            routes.batcher.abandon()  # what was accepted is answered by now, or its time is over
            await asyncio.to_thread(routes.batcher.close)

    app = FastAPI(
        title="arner",
        version=__version__,
        description=_ABOUT,
        lifespan=lifespan,
        docs_url=None,  # these pages load scripts from elsewhere
        redoc_url=None,
    )
    app.router.route_class = _StrictRoute
    access: list[Any] = [Security(HTTPBearer(auto_error=False))] if settings.tokens else []
    refusals: _Responses = {
        status: {"model": ProblemDetails, "description": words} for status, words in _REFUSALS.items()
    }
    few: _Responses = {status: refusals[status] for status in (401, 421, 500, 503)}
    both: _Responses = {200: {"content": {NDJSON: {"schema": {"type": "string"}}}}, **refusals}
    app.add_api_route(
        "/v1/extract",
        routes.extract,
        methods=["POST"],
        response_model=Document | Documents,
        responses=both,
        dependencies=access,
    )
    app.add_api_route(
        "/v1/explain",
        routes.explain,
        methods=["POST"],
        response_model=ExplainAnswer,
        responses=refusals,
        dependencies=access,
    )
    app.add_api_route("/v1/schema", routes.schema, response_model=dict[str, Any], responses=few, dependencies=access)
    for name, probe in (("", routes.health), ("/live", routes.live), ("/ready", routes.ready)):
        unwell: _Responses = {421: refusals[421], 503: {"model": Health, "description": "not so"}}
        app.add_api_route(f"/health{name}", probe, response_model=Health, responses=unwell)
    text: _Responses = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **few}
    app.add_api_route("/metrics", routes.metrics, response_class=Response, responses=text, dependencies=access)
    for path in page_paths():
        app.add_api_route(path, page_file, methods=["GET", "HEAD"], include_in_schema=False)

    def refused(_: Request, refusal: Exception) -> Response:
        assert isinstance(refusal, RefusalError)
        metrics.refused.labels(refusal.body.code).inc()
        # Who is to come back later need not keep a connection open until then.
        return refusal.response(close=refusal.status_code == 503)

    def invalid(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        metrics.refused.labels("invalid_request").inc()
        return _invalid(error).response()

    def other(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return problem_of_status(error.status_code, error.detail, error.headers)

    app.add_exception_handler(RefusalError, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, other)
    paths = frozenset(route.path for route in app.routes if isinstance(route, Route))
    app.add_middleware(Guard, settings=settings, metrics=metrics, paths=paths)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def _invalid(error: RequestValidationError) -> RefusalError:
    faults = []
    for entry in list(error.errors())[:_FAULTS]:
        where = ".".join(str(part)[:100] for part in entry["loc"] if part not in _TAGS) or "the body"
        faults.append(Fault(where=where, what=entry["msg"].removeprefix("Value error, ")))
    return RefusalError(
        422, "invalid_request", f"{faults[0].where}: {faults[0].what}; see /openapi.json", errors=faults
    )


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The description that FastAPI makes, with problem details under the media type that they have."""
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        for operation in (operation for path in schema["paths"].values() for operation in path.values()):
            for response in operation["responses"].values():
                content = response.get("content", {})
                shape = content.get("application/json", {}).get("schema", {}).get("$ref", "")
                if shape.endswith("/ProblemDetails"):
                    content[PROBLEM_TYPE] = content.pop("application/json")
        app.openapi_schema = schema
    return app.openapi_schema
