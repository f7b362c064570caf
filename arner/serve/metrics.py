"""What Prometheus may ask of a server. Names are in docs/SERVING.md; no text and no address is ever a label."""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector, generate_latest

from arner._version import __version__

__all__ = ["Metrics"]

_SECONDS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80)
_TEXTS: Final = (1, 2, 4, 8, 16, 32, 64)


class Metrics:
    """The counters of one server, in a registry of their own, so that two in one process do not mix.

    Args:
        model: name and version of the model.

    >>> metrics = Metrics("list 1.0")
    >>> metrics.texts.inc()
    >>> b"arner_texts_total 1.0" in metrics.page()
    True
    """

    def __init__(self, model: str) -> None:
        self.registry = CollectorRegistry()
        registry = self.registry
        ProcessCollector(registry=registry)
        Info("arner_build", "version of arner and of the model", registry=registry).info(
            {"version": __version__, "model": model}
        )
        labels = ("method", "path", "status")
        self.requests = Counter("arner_requests", "requests answered", labels, registry=registry)
        self.seconds = Histogram(
            "arner_request_seconds",
            "from a request to the end of its answer",
            ("path",),
            registry=registry,
            buckets=_SECONDS,
        )
        self.in_flight = Gauge("arner_requests_in_flight", "requests in work", registry=registry)
        self.refused = Counter("arner_refused", "requests refused, by reason", ("code",), registry=registry)
        self.abandoned = Counter("arner_abandoned", "requests whose client left", registry=registry)
        self.texts = Counter("arner_texts", "texts read", registry=registry)
        self.characters = Counter("arner_characters", "characters of the texts read", registry=registry)
        self.failures = Counter("arner_failures", "texts on which reading failed", registry=registry)
        self.batch_texts = Histogram(
            "arner_batch_texts", "texts that the model read at once", registry=registry, buckets=_TEXTS
        )
        self.batch_seconds = Histogram(
            "arner_batch_seconds", "time to read a batch", registry=registry, buckets=_SECONDS
        )
        self.queue_seconds = Histogram(
            "arner_queue_seconds", "time that a text waited for the model", registry=registry, buckets=_SECONDS
        )
        self.queue_texts = Gauge("arner_queue_texts", "texts that wait for the model", registry=registry)
        self.queue_characters = Gauge("arner_queue_characters", "characters that wait for the model", registry=registry)

    def page(self) -> bytes:
        """All of them, in the text format of Prometheus."""
        return generate_latest(self.registry)
