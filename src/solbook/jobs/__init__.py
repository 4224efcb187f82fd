"""Long work: reading sources into the archive, attaching and fetching pictures."""

from solbook.jobs.demo import ingest_saved, latest_live
from solbook.jobs.ingest import IngestReport, ingest
from solbook.jobs.pixels import AttachReport, PictureFetcher, attach_files

__all__ = [
    "AttachReport",
    "IngestReport",
    "PictureFetcher",
    "attach_files",
    "ingest",
    "ingest_saved",
    "latest_live",
]
