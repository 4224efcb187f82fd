"""The demonstration's rehearsal: made once, kept in a folder, taken into an archive.

Imported by name: it brings the renderer, which takes a second to import.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from solbook.archive import Archive
from solbook.errors import SolbookError
from solbook.jobs.attach import AttachReport, attach_files
from solbook.jobs.ingest import IngestReport, OnPage, ingest
from solbook.rehearsal.folder import FEED, RELEASES
from solbook.rehearsal.plan import PER_SOL
from solbook.rehearsal.rehearse import OnFile, Rehearsed, rehearse
from solbook.sources import source_named

_MOST_THREADS = 4


def default_threads() -> int:
    """A thread for each core; beyond four they would wait for memory, not for cores."""
    return min(os.cpu_count() or 1, _MOST_THREADS)


def kept_rehearsal(
    folder: Path, sols: int, *, per_sol: float = PER_SOL, on_file: OnFile | None = None
) -> Rehearsed:
    """The rehearsal kept in a folder; made if it is not there, or was made by another Solbook.

    Args:
        folder: A folder for this and nothing else.
        sols: How many sols.
        per_sol: Files a sol.
        on_file: Told of every file that is made.

    Raises:
        SolbookError: Files that are no rehearsal are in the folder, or it cannot be written.
    """

    def made() -> Rehearsed:
        threads = default_threads()
        return rehearse(folder, sols, per_sol=per_sol, threads=threads, on_file=on_file)

    try:
        return made()
    except SolbookError as error:
        if error.code != "other_rehearsal":
            raise
    shutil.rmtree(folder)
    return made()


def take_in(
    archive: Archive,
    folder: Path,
    on_page: OnPage | None = None,
    on_picture: Callable[[Path], None] | None = None,
) -> tuple[list[IngestReport], AttachReport]:
    """Take a rehearsal's records, releases and pictures into an archive.

    Args:
        archive: Where to.
        folder: What `rehearse` has made.
        on_page: Called after every page.
        on_picture: Called for every picture.
    """
    reports = [ingest(archive, source_named("rehearsal"), str(folder / FEED), on_page)]
    if (folder / RELEASES).is_dir():
        library = source_named("rehearsal-library")
        reports.append(ingest(archive, library, str(folder / RELEASES), on_page))
    return reports, attach_files(archive, folder, on_picture)
