"""What `arner extract` does once its arguments are understood: into a file, or into a stream."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from arner.cli.batch_bar import batch_bar
from arner.cli.status import report, tell
from arner.inputs import Failure, Source, read_sources

if TYPE_CHECKING:
    from arner.batch import Batch, Progress
    from arner.export import Format, Writer
    from arner.extractor import Extractor

__all__ = ["ExtractRun"]

_BATCH_SIZE: Final = 8
"""Texts read at once: few enough that results and progress come steadily, enough to keep the model busy."""


@dataclass(slots=True)
class ExtractRun:
    """One call of the command. Its methods return whether anything failed.

    Attributes:
        sources: what to read.
        format: what to write.
        encoding: of the files.
        failures: where to list the inputs that failed.
        jobs: processes that read.
        stop: whether to end at the first input that fails.
        bar: whether there may be a progress bar.
    """

    sources: list[Source]
    format: Format
    encoding: str
    failures: Path | None
    jobs: int
    stop: bool
    bar: bool
    _batch: Batch | None = None
    _progress: Progress | None = None

    def kept(self) -> str:
        """What a line about the end says of what is done."""
        if self._batch is None or not self._batch.resumable or self._progress is None:
            return ""
        done = self._progress.documents
        return f"; {done:,} document{'s'[: done != 1]} done and kept: --resume goes on with the run"

    def into_file(self, output: Path, load: Callable[[], Extractor], resume: bool | None) -> bool:
        """Run a batch, which can be gone on with."""
        from arner.batch import Batch

        # What is wrong with the files is told before a model is read.
        batch = Batch(self.sources, output, format=self.format, encoding=self.encoding, failures=self.failures)
        extractor = load()
        self._batch = batch
        with batch_bar(shown=self.bar) as advance:

            def notice(progress: Progress) -> None:
                self._progress = progress
                advance(progress)

            try:
                done = batch.run(
                    extractor,
                    resume=resume,
                    workers=self.jobs,
                    batch_size=_BATCH_SIZE,
                    stop=self.stop,
                    on_failure=_report,
                    on_progress=notice,
                )
            except OSError as error:
                report(f"{error.filename or batch.output}: {error.strerror or error}{self.kept()}")
                return True
        if done.stopped:
            tell(f"stopped at the first error{self.kept()}")
        elif done.failures:
            failed = f"{done.failures:,} input{'s'[: done.failures != 1]} failed"
            tell(f"{failed}; the list is {done.failures_path}, which --retry reads")
        return done.stopped or done.failures > 0

    def into_stream(self, output: Path | None, load: Callable[[], Extractor]) -> bool:
        """Write documents as they come to standard output, a pipe or a device."""
        from arner.batch import Meter, failure_record, input_sizes, read_documents, whole_file, write_failures
        from arner.batch.journal import Checkpoint

        extractor = load()
        with ExitStack() as stack:
            listed = None
            if self.failures is not None:
                listed = stack.enter_context(whole_file(self.failures.resolve(), binary=True))
            stack.enter_context(_named(output))
            writer = stack.enter_context(_writer(self.format, output))
            advance = stack.enter_context(batch_bar(shown=self.bar))
            meter = Meter(input_sizes(self.sources), advance)
            inputs = read_sources(self.sources, self.encoding)
            items = read_documents(extractor, inputs, batch_size=_BATCH_SIZE, workers=self.jobs)
            documents = failures = 0
            for item in stack.enter_context(closing(items)):
                if isinstance(item, Failure):
                    failures += 1
                    _report(item)
                    if listed is not None:
                        write_failures(listed, [failure_record(item)])
                    if self.stop:
                        break
                    meter.tell(Checkpoint(documents, failures, 0, item.after))
                else:
                    documents += 1
                    writer.write(item.document)
                    meter.tell(Checkpoint(documents, failures, 0, item.after), document=item.document)
            writer.close()
        return failures > 0


def _report(failure: Failure) -> None:
    report(f"{failure.shown}: {failure.reason}")


@contextmanager
def _named(output: Path | None) -> Iterator[None]:
    """A block in which what goes wrong with writing has the name of the output."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        error.filename = error.filename or str(output or "standard output")
        raise


@contextmanager
def _writer(format: Format, output: Path | None) -> Iterator[Writer]:
    """A writer to standard output, or to a pipe or device."""
    if output is None:
        yield format.open(sys.stdout.buffer if format.binary else sys.stdout)
        sys.stdout.flush()  # here, where a reader that has left is handled, and not when Python exits
        return
    file: IO[Any]
    with output.open("wb") if format.binary else output.open("w", encoding="utf-8", newline="") as file:
        yield format.open(file)
