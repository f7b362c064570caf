"""A batch: many files into one output, which can be interrupted anywhere and gone on with."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arner.batch.failures import failure_record, failures_path, write_failures
from arner.batch.journal import Journal
from arner.batch.placing import place, whole_file
from arner.batch.progress import Meter, Progress
from arner.batch.reading import read_documents
from arner.batch.settings import can_be_read_again, describe, describe_inputs, differences
from arner.errors import InputError, ResumeError
from arner.export import FORMATS, Format, format_of
from arner.inputs import Failure, Position, Source, expand, read_sources, sources_of
from arner.schema import Document

if TYPE_CHECKING:
    from arner.extractor import Extractor

__all__ = ["Batch", "BatchReport"]


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What a batch did.

    Attributes:
        documents: documents in the output.
        failures: inputs that failed.
        skipped: documents and failures that an earlier run of the batch had done.
        stopped: whether it ended at a failure, as it was told to; there is no output then, and it can be gone on with.
        failures_path: where the failures are listed, if there is such a file.
    """

    documents: int
    failures: int
    skipped: int
    stopped: bool
    failures_path: Path | None


class Batch:
    """Files that are read into one output.

    While it runs, the documents so far and a journal stand beside the output as `OUT.partial` and `OUT.journal`. The
    output itself appears when all is done, and the two go. Inputs that failed are listed in `OUT.failures.jsonl`.

    Args:
        files: paths, patterns, or `Source` objects such as `read_failures` gives.
        output: the file to write.
        format: a name in `arner.export.FORMATS`, or a format of your own; by default what the output's ending says,
            else JSON lines.
        encoding: of the files.
        failures: where to list the inputs that failed, even if there are none.

    Raises:
        InputError: the output cannot be written there, or is an input too; no such format.
        MissingExtraError: the format needs a package that is not installed.

    >>> import tempfile
    >>> from arner import Extractor
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "visit.txt").write_text("زار الوزير القاهرة.", encoding="utf-8")
    >>> report = Batch([folder / "visit.txt"], folder / "out.jsonl").run(Extractor(), resume=True)
    >>> report.documents, report.failures, sorted(path.name for path in folder.iterdir())
    (1, 0, ['out.jsonl', 'visit.txt'])
    """

    def __init__(
        self,
        files: Iterable[str | Path | Source],
        output: str | Path,
        *,
        format: str | Format | None = None,
        encoding: str = "utf-8",
        failures: str | Path | None = None,
    ) -> None:
        self.sources = _sources(files)
        self.output = Path(output).resolve()  # a link stays a link: the file behind it is replaced
        self.format = _chosen(format, self.output)
        self.encoding = encoding
        self._always_listed = failures is not None
        self.failures_path = failures_path(self.output) if failures is None else Path(failures).resolve()
        self.resumable = all(map(can_be_read_again, self.sources))
        self._inputs = describe_inputs(self.sources)
        self._check()
        self.format.open(io.BytesIO() if self.format.binary else io.StringIO(newline=""))  # a missing package is told

    def _check(self) -> None:
        for path in (self.output, self.failures_path):
            if not path.parent.is_dir():
                raise InputError(f"{path}: there is no folder {path.parent}; make it first")
            if path.is_dir():
                raise InputError(f"{path}: is a folder; name a file in it")
            if path.exists() and not path.is_file():
                raise InputError(f"{path}: is a pipe or a device, which cannot be replaced when all is done")
        if self.output == self.failures_path:
            raise InputError(f"{self.output}: is to hold both the documents and the failures; name two files")
        own = {}
        for path in (self.output, self.failures_path, *Journal.paths(self.output)):
            with suppress(OSError):
                status = path.stat()
                own[status.st_dev, status.st_ino] = path
        for source in self.sources if own else ():
            with suppress(OSError, ValueError):
                status = os.stat(source.path)
                if (same := own.get((status.st_dev, status.st_ino))) is not None:
                    raise InputError(f"{source.shown}: is an input, and {same} is written by this run; name another -o")

    def run(
        self,
        extractor: Extractor,
        *,
        resume: bool | None = None,
        workers: int = 1,
        batch_size: int | None = None,
        stop: bool = False,
        on_failure: Callable[[Failure], None] | None = None,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> BatchReport:
        """Read what is not done yet, and put the output in its place.

        Whatever ends it early (an exception, a signal, a loss of power) costs the work of about a second, ten on a slow
        disk. The rest is there for a run with `resume`, which gives what one run would have given, byte for byte on a
        CPU.

        Args:
            extractor: reads the texts.
            resume: True goes on with a batch that was left unfinished, if there is one; False drops what it had done;
                None refuses to.
            workers: processes that read; see `Extractor.pipe`.
            batch_size: texts that are read together; see `Extractor.pipe`.
            stop: end at the first input that fails. It is not done then, so that a later run begins with it.
            on_failure: called with each input that fails.
            on_progress: called when there is progress, first with what is done already.

        Raises:
            ResumeError: what was left unfinished is another batch, or is not to be dropped; another process is at it.
            ArnerError: a process that reads died.
            OSError: the output cannot be written.
        """
        batch = {
            "settings": describe(extractor, encoding=self.encoding, format=self.format.name),
            "inputs": self._inputs,
            "resumable": self.resumable,
        }
        with Journal(self.output) as journal:
            self._open(journal, batch, resume)
            skipped = journal.state.documents + journal.state.failures
            meter = Meter([size or 0 for _, size, *_ in self._inputs], on_progress)
            meter.tell(journal.state)
            try:
                if not journal.state.finished and self._read(
                    journal, meter, extractor, workers, batch_size, stop, on_failure
                ):
                    journal.finish(Position(len(self.sources)))
            except BaseException:
                self._keep(journal)
                raise
            stopped = not journal.state.finished
            if stopped:
                self._keep(journal)
            else:
                self._finish(journal, meter)
            return BatchReport(
                documents=journal.state.documents,
                failures=journal.state.failures,
                skipped=skipped,
                stopped=stopped,
                failures_path=self.failures_path if not stopped and self.failures_path.exists() else None,
            )

    def _open(self, journal: Journal, batch: dict[str, Any], resume: bool | None) -> None:
        if resume and not self.resumable:
            which = next(source for source in self.sources if not can_be_read_again(source))
            raise ResumeError(f"{which.shown}: cannot be read again from where it was; save it in a file first")
        before = None if resume is False else journal.header()
        done = journal.state.documents
        if before is None and resume is not False and _holds_something(journal.documents_path):
            raise ResumeError(
                f"{journal.documents_path}: is there, without the journal of an unfinished run beside it, and would be "
                "written over; move it away, name another -o, or drop it with --restart"
            )
        vanished = journal.state.finished and not journal.documents_path.exists() and not self.output.exists()
        if before is None or not before["resumable"] or vanished:
            journal.begin(batch)
        elif resume:
            if changed := differences(before, batch, journal.state.after):
                raise ResumeError(
                    f"{self.output}: the unfinished run of {_counted(done)} was another one: {'; '.join(changed)}. "
                    "Call it as it was called then to go on; --restart starts anew, and drops what is done"
                )
            journal.go_on()
        elif done and journal.documents_path.exists():
            raise ResumeError(
                f"{self.output}: a run was left unfinished after {_counted(done)}. --resume goes on with it; --restart "
                "starts anew, and drops what is done"
            )
        else:
            journal.begin(batch)

    def _read(
        self,
        journal: Journal,
        meter: Meter,
        extractor: Extractor,
        workers: int,
        batch_size: int | None,
        stop: bool,
        on_failure: Callable[[Failure], None] | None,
    ) -> bool:
        """Read the inputs that are left; returns whether all of them are done."""
        inputs = read_sources(self.sources, self.encoding, journal.state.after)
        # What reads ahead is closed at once when something fails here, and not when the exception is forgotten.
        with closing(read_documents(extractor, inputs, batch_size=batch_size, workers=workers)) as items:
            for item in items:
                if isinstance(item, Failure):
                    if on_failure is not None:
                        on_failure(item)
                    if stop:
                        return False
                    journal.fail(failure_record(item), item.after)
                    meter.tell(journal.state)
                else:
                    journal.add(item.document.to_json(), item.after)
                    meter.tell(journal.state, document=item.document)
        return True

    def _keep(self, journal: Journal) -> None:
        """Leave what is done for a later run, where there can be one."""
        if not self.resumable:
            journal.remove()
            return
        with suppress(OSError):  # as on a full disk; the checkpoint before it holds
            journal.save()

    def _finish(self, journal: Journal, meter: Meter) -> None:
        """Put the output and the list of failures in their places.

        Each step may be the last that is done before a kill; a run with `resume` then does the others.
        """
        journal.close_documents()
        if journal.documents_path.exists():
            if self.format.name == "jsonl":
                place(journal.documents_path, self.output)
            else:
                self._convert(journal, meter)
        if journal.state.failures or self._always_listed:
            with whole_file(self.failures_path, binary=True) as file:
                write_failures(file, journal.failures())
        else:
            self.failures_path.unlink(missing_ok=True)  # of an earlier run into the same output
        journal.remove()

    def _convert(self, journal: Journal, meter: Meter) -> None:
        whole = whole_file(self.output, binary=self.format.binary)
        with journal.documents_path.open(encoding="utf-8", newline="\n") as lines, whole as file:
            writer = self.format.open(file)
            for number, line in enumerate(lines, 1):
                writer.write(Document.from_json(line))
                meter.tell(journal.state, converted=number)
            writer.close()


def _sources(files: Iterable[str | Path | Source]) -> list[Source]:
    sources: list[Source] = []
    paths: list[str] = []
    for file in files:
        (sources.append(file) if isinstance(file, Source) else paths.append(str(file)))
    return [*sources_of(expand(paths)), *sources]


def _chosen(format: str | Format | None, output: Path) -> Format:
    if isinstance(format, Format):
        return format
    if format is None:
        return format_of(output) or FORMATS["jsonl"]
    if format not in FORMATS:
        raise InputError(f"unknown format {format!r}; name one of these: {', '.join(FORMATS)}")
    return FORMATS[format]


def _holds_something(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _counted(documents: int) -> str:
    return f"{documents:,} document{'s'[: documents != 1]}"
