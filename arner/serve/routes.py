"""The routes of the API: what each takes, does and answers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import Body, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from arner._version import __version__
from arner.errors import InputError
from arner.extractor import Extractor, TextItem, check_text
from arner.schema import Document
from arner.serve.batching import Batcher, Job
from arner.serve.messages import (
    EXPLAIN_EXAMPLES,
    EXTRACT_EXAMPLES,
    ExplainAnswer,
    ExplainRequest,
    ExtractRequest,
    Health,
    OneText,
)
from arner.serve.problems import Fault, RefusalError, internal_error, overloaded, stopping
from arner.serve.view import pieces_of

if TYPE_CHECKING:
    from arner.relations import Explanation
    from arner.serve.messages import ManyTexts
    from arner.serve.metrics import Metrics
    from arner.serve.settings import Settings

__all__ = ["NDJSON", "WARM_UP", "Routes"]

_log = logging.getLogger("arner.serve")

NDJSON: Final = "application/x-ndjson"

WARM_UP: Final = TextItem(" ".join([str(EXTRACT_EXAMPLES["one"]["value"]["text"])] * 4))
"""What a server reads before its first request."""

_AHEAD: Final = 8
"""Texts of one stream that are in the queue at a time."""


class Routes:
    """The functions behind the routes, with what they share."""

    def __init__(self, extractor: Extractor, settings: Settings, metrics: Metrics) -> None:
        self._extractor = extractor
        self._settings = settings
        self._metrics = metrics
        self.batcher = Batcher(self._read, settings, metrics)
        self._schema = Document.model_json_schema()

    def _read(self, items: Sequence[TextItem]) -> list[bytes]:
        return [document.to_json().encode() for document in self._extractor.extract_batch(items)]

    def _explain(self, item: TextItem, *, html: bool) -> bytes:
        explanation = self._extractor.explain(item.text, id=item.id, date=item.date, min_score=item.min_score)
        pieces = pieces_of(explanation.document) if html else None
        return ExplainAnswer(explanation=_without_folders(explanation), html=pieces).model_dump_json().encode()

    async def extract(
        self, request: Request, wanted: Annotated[ExtractRequest, Body(openapi_examples=EXTRACT_EXAMPLES)]
    ) -> Response:
        """Entities and relations of one text or of several.

        One text is answered with its document, several with `{"documents": [...]}`. With `Accept: application/x-ndjson`
        the documents come one a line, each as soon as it is read; a stream that fails ends with a line of problem
        details, which has a `code` and no `text`.
        """
        items = self._items(wanted)
        if NDJSON in request.headers.get("accept", "").lower():
            first = self.batcher.submit(items[:_AHEAD])
            return StreamingResponse(self._lines(items, first), media_type=NDJSON)
        results = await self._results(self.batcher.submit(items))
        if isinstance(wanted, OneText):
            return Response(results[0], media_type="application/json")
        return Response(b'{"documents":[' + b",".join(results) + b"]}", media_type="application/json")

    async def explain(self, wanted: Annotated[ExplainRequest, Body(openapi_examples=EXPLAIN_EXAMPLES)]) -> Response:
        """What `extract` reads in one text, and why: the rules that fired, on which words, and those that came near."""
        item = self._item(wanted, "text")
        alone = partial(self._explain, html=wanted.html)
        results = await self._results(self.batcher.submit([item], alone=alone))
        return Response(results[0], media_type="application/json")

    async def schema(self) -> JSONResponse:
        """The JSON Schema of a document."""
        return JSONResponse(self._schema)

    async def health(self) -> Response:
        """Whether the server lives and takes texts; 503 where one of them is not so."""
        return self._health(ok=self.batcher.ready)

    async def live(self) -> Response:
        """Whether the server lives; if not, it is to be started anew."""
        return self._health(ok=self.batcher.alive)

    async def ready(self) -> Response:
        """Whether texts are taken; if not, requests are to go elsewhere."""
        return self._health(ok=self.batcher.ready)

    async def metrics(self) -> Response:
        """Counters in the text format of Prometheus."""
        return Response(self._metrics.page(), media_type="text/plain; version=0.0.4")

    def _health(self, *, ok: bool) -> Response:
        live, ready = self.batcher.alive, self.batcher.ready
        health = Health(
            live=live,
            ready=ready,
            status="ok" if ready else "stopping" if live else "failed",
            version=__version__,
            model=self._extractor.model,
        )
        return Response(health.model_dump_json(), status_code=200 if ok else 503, media_type="application/json")

    def _items(self, wanted: OneText | ManyTexts) -> list[TextItem]:
        if isinstance(wanted, OneText):
            return [self._item(wanted, "text")]
        if len(wanted.texts) > self._settings.max_texts:
            raise RefusalError(
                413,
                "too_many_texts",
                f"{len(wanted.texts)} texts are more than the {self._settings.max_texts} that a request may have",
            )
        items: list[TextItem] = []
        for number, member in enumerate(wanted.texts):
            one = OneText(text=member) if isinstance(member, str) else member
            item = self._item(one, f"texts.{number}" if isinstance(member, str) else f"texts.{number}.text")
            date = wanted.date if item.date is None else item.date
            score = wanted.min_score if item.min_score is None else item.min_score
            items.append(item._replace(date=date, min_score=score))
        return items

    def _item(self, wanted: Any, where: str) -> TextItem:
        limit = self._settings.max_chars
        if len(wanted.text) > limit:
            what = f"{len(wanted.text)} characters are more than the {limit} that a text may have"
            raise RefusalError(413, "text_too_long", what, errors=[Fault(where=where, what=what)])
        try:
            check_text(wanted.text)
        except InputError as error:
            fault = Fault(where=where, what=str(error))
            raise RefusalError(422, "unreadable_text", str(error), errors=[fault]) from None
        return TextItem(wanted.text, wanted.id, wanted.date, wanted.min_score)

    async def _results(self, job: Job) -> list[bytes]:
        try:
            async with asyncio.timeout(self._settings.timeout):
                return await asyncio.gather(*map(asyncio.wrap_future, job.results))
        except TimeoutError:
            if all(future.cancelled() for future in job.results):  # nothing of it came to be read
                raise overloaded(self._settings.max_wait) from None
            raise self._late() from None
        except InputError as error:
            raise RefusalError(422, "unreadable_text", str(error)) from None
        except asyncio.CancelledError:
            if _is_cancelled():
                raise
            raise stopping() from None  # not this request was cancelled, but what it waits for
        finally:
            self.batcher.cancel(job)

    def _late(self) -> RefusalError:
        return RefusalError(
            504,
            "timeout",
            f"the text was not read within {self._settings.timeout:g} seconds; ask for a stream, or send fewer texts",
            retry_after=self._settings.timeout / 2,
        )

    async def _lines(self, items: list[TextItem], first: Job) -> AsyncIterator[bytes]:
        """The documents as lines; a few texts are in the queue at a time, so that a slow client holds no memory."""
        jobs = [first]
        submitted = len(first.results)
        try:
            for number in range(len(items)):
                if number + _AHEAD // 2 >= submitted and submitted < len(items):
                    jobs.append(self.batcher.submit(items[submitted : submitted + _AHEAD // 2], promised=True))
                    submitted += len(jobs[-1].results)
                while not jobs[0].results:
                    del jobs[0]
                try:
                    async with asyncio.timeout(self._settings.timeout):
                        line = await asyncio.wrap_future(jobs[0].results.pop(0))
                except TimeoutError:
                    raise self._late() from None
                yield line + b"\n"
        except RefusalError as refusal:
            yield self._last_line(refusal)
        except asyncio.CancelledError:
            if _is_cancelled():
                raise
            yield self._last_line(stopping())
        except Exception:
            _log.exception("a stream failed")
            yield self._last_line(internal_error())
        finally:
            for job in jobs:
                self.batcher.cancel(job)

    def _last_line(self, refusal: RefusalError) -> bytes:
        self._metrics.refused.labels(refusal.body.code).inc()
        return refusal.body.model_dump_json().encode() + b"\n"


def _is_cancelled() -> bool:
    """Whether it is the running task that was cancelled."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _without_folders(explanation: Explanation) -> Explanation:
    """The explanation with the names of rule files, but not the folders of this machine."""
    return explanation.model_copy(
        update={
            name: tuple(
                entry.model_copy(update={"file": PurePath(entry.file).name}) for entry in getattr(explanation, name)
            )
            for name in ("fired", "near_misses", "phrases")
        }
    )
