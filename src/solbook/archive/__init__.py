"""The store: catalogue, change log, files with their checksums.

The catalogue is the truth; everything derived from it can be made again.
"""

from solbook.archive.catalogue import Archive
from solbook.archive.ingest import write_page, write_pages
from solbook.archive.tally import Tally

__all__ = ["Archive", "Tally", "write_page", "write_pages"]
