"""Long work: reading sources into the archive, attaching and fetching pictures.

`fetch` is imported by name: it brings an HTTP client, which takes a tenth of a second to import
and which only the site needs.
"""

from solbook.jobs.attach import AttachReport, attach_files
from solbook.jobs.demo import ingest_saved, latest_live
from solbook.jobs.ingest import IngestReport, ingest

__all__ = [
    "AttachReport",
    "IngestReport",
    "attach_files",
    "ingest",
    "ingest_saved",
    "latest_live",
]
