"""One small class for each upstream archive: pages in, records out.

A source knows its upstream's quirks and never touches the store.
"""

from solbook.sources.base import Source
from solbook.sources.m2020 import M2020Feed
from solbook.sources.photos_v1 import PhotosV1
from solbook.sources.raw_image_items import RawImageItems
from solbook.sources.reader import (
    SOURCES,
    SavedFile,
    is_address,
    json_paths,
    read,
    read_files,
    recognise,
    require_there,
    saved_files,
    source_named,
)

__all__ = [
    "SOURCES",
    "M2020Feed",
    "PhotosV1",
    "RawImageItems",
    "SavedFile",
    "Source",
    "is_address",
    "json_paths",
    "read",
    "read_files",
    "recognise",
    "require_there",
    "saved_files",
    "source_named",
]
