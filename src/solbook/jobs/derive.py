"""Making all derived pictures that are missing, on all cores; run again it goes on where it was."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pyvips

from solbook.archive import Archive
from solbook.archive.pictures import Outcome, ShownFile, note_outcomes, shown_files
from solbook.imaging import NotAPicture, Size, sized, thumbhash, widths_of
from solbook.imaging.cut import Format
from solbook.jobs.enlarge import Original, PictureMaker
from solbook.settings import Settings

FORMATS: tuple[Format, ...] = ("webp", "jpg")

# So many files go to a process at once: handing over costs little beside them, and few are done
# again after a kill.
_TOGETHER = 16
_KILLED = "the process that decoded it was ended by the system"

OnFiles = Callable[[int], None]
"""Called with how many more files are done."""


class DeriveReport(msgspec.Struct):
    """What became of the pictures of an archive.

    Attributes:
        files: Files looked at.
        made: Pictures and pyramids made.
        pixels: Of the files something was made of.
        damaged: Frames whose file is damaged, with the reason; they are left out from now on.
        missing: Frames whose file is not on disk.
    """

    files: int = 0
    made: int = 0
    pixels: int = 0
    damaged: list[tuple[str, str]] = msgspec.field(default_factory=list)
    missing: list[str] = msgspec.field(default_factory=list)


class _Done(NamedTuple):
    """What became of a file."""

    file: ShownFile
    made: int
    thumbhash: str | None
    damage: str | None
    missing: bool


def derive(
    archive: Archive,
    *,
    formats: Sequence[Format] = FORMATS,
    workers: int | None = None,
    again: bool = False,
    on_files: OnFiles | None = None,
) -> DeriveReport:
    """Make what is missing: the widths of pages, pyramids of large pictures, ThumbHashes.

    Args:
        archive: The archive.
        formats: Formats of the widths.
        workers: Processes; one for each core if left out.
        again: Whether files that were found damaged are tried again.
        on_files: For progress.
    """
    job = _Job(archive, formats, on_files)
    with archive.reading() as connection:
        files = shown_files(connection, damaged=again)
        suspects = job.run(files, workers or os.cpu_count() or 1, _TOGETHER)
    # One of those the processes had when one died has killed it; one by one they show which.
    for killer in job.run(suspects, 1, 1):
        job.note([_Done(killer, 0, None, _KILLED, missing=False)])
    return job.report


class _Job:
    """A run of `derive`."""

    def __init__(
        self, archive: Archive, formats: Sequence[Format], on_files: OnFiles | None
    ) -> None:
        self.archive = archive
        self.formats = tuple(formats)
        self.on_files = on_files
        self.report = DeriveReport()

    def run(self, files: Iterable[ShownFile], workers: int, together: int) -> list[ShownFile]:
        """Derive what files lack, so many together; returns those under way when a process died."""
        chunks = _chunks(files, together)
        # Two for each process, so that none waits; but alone is alone.
        ahead = 2 * workers if together > 1 else workers
        lost: list[ShownFile] = []
        while broken := self._run_until_broken(chunks, workers, ahead):
            lost += broken
        return lost

    def _run_until_broken(
        self, chunks: Iterator[list[ShownFile]], workers: int, ahead: int
    ) -> list[ShownFile]:
        """The files that were under way when a process died; none if none did."""
        under_way: dict[Future[list[_Done]], list[ShownFile]] = {}
        with self._pool(workers) as pool:
            try:
                while True:
                    for chunk in islice(chunks, ahead - len(under_way)):
                        under_way[pool.submit(_derive_some, chunk)] = chunk
                    if not under_way:
                        return []
                    for done in wait(under_way, return_when=FIRST_COMPLETED).done:
                        self.note(done.result())
                        del under_way[done]
            except BrokenProcessPool:
                return [file for chunk in under_way.values() for file in chunk]

    def _pool(self, workers: int) -> ProcessPoolExecutor:
        # A copy of a process that has threads, as libvips' are, may never wake.
        return ProcessPoolExecutor(
            workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(self.archive.path, self.archive.settings.model_dump(), self.formats),
        )

    def note(self, done: Sequence[_Done]) -> None:
        """Count what became of some files, and note in the catalogue what was learnt of them."""
        report = self.report
        outcomes = []
        for one in done:
            report.files += 1
            report.made += one.made
            if one.made:
                report.pixels += one.file.width_px * one.file.height_px
            if one.missing:
                report.missing.append(one.file.frame_id)
            elif one.damage:
                report.damaged.append((one.file.frame_id, one.damage))
            if not one.missing and (one.thumbhash or one.damage or one.file.damage):
                outcomes.append(Outcome(one.file.sha256, one.thumbhash, one.damage))
        note_outcomes(self.archive, outcomes)
        if self.on_files is not None:
            self.on_files(len(done))


def _chunks(files: Iterable[ShownFile], together: int) -> Iterator[list[ShownFile]]:
    rest = iter(files)
    while chunk := list(islice(rest, together)):
        yield chunk


# --- in the processes --------------------------------------------------------------------------


class _Maker:
    """What a process makes pictures with."""

    maker: PictureMaker
    formats: tuple[Format, ...]


def _begin(path: Path, settings: dict[str, Any], formats: tuple[Format, ...]) -> None:
    # There is a process for each core.
    pyvips.concurrency_set(1)
    # Nothing is read twice.
    pyvips.cache_set_max(0)
    _Maker.maker = PictureMaker(Archive(path, Settings(**settings)))
    _Maker.formats = formats


def _derive_some(files: list[ShownFile]) -> list[_Done]:
    return [_derive_one(file) for file in files]


def _derive_one(file: ShownFile) -> _Done:
    try:
        made = _make_missing(file)
        placeholder = None
        if file.thumbhash is None:
            path = _Maker.maker.archive.files.path(file.sha256, file.extension)
            placeholder = thumbhash(path.read_bytes())
    except NotAPicture as error:
        return _Done(file, 0, None, str(error), missing=False)
    except FileNotFoundError:
        return _Done(file, 0, None, None, missing=True)
    return _Done(file, made, placeholder, None, missing=False)


def _make_missing(file: ShownFile) -> int:
    """Make what a file lacks; returns how many pictures that were."""
    maker = _Maker.maker
    original = Original(file.sha256, file.extension, file.media_type, file.width_px, file.height_px)
    wanted = [Size(width, form) for width in widths_of(file.width_px) for form in _Maker.formats]
    lacking = [size for size in wanted if maker.pictures.find(file.sha256, size.name) is None]
    made = len(lacking)
    if maker.lacks_pyramid(original):
        made += 1
    elif not lacking:
        return 0
    picture = maker.opened(original)
    for size, body in sized(picture, lacking):
        maker.pictures.keep(file.sha256, size.name, body)
    return made
