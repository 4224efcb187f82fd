"""The vocabulary: what a source hands to the archive, and the ids of the field."""

from solbook.records.frame import (
    Asset,
    Frame,
    PhotoStatement,
    frame_id,
    product_and_version,
)
from solbook.records.links import Link, links_of_release
from solbook.records.mentions import LinkKind, Mention, find_mentions, missions_in_keywords
from solbook.records.page import (
    ManifestSol,
    Rejected,
    RoverStatement,
    SourcePage,
)
from solbook.records.product_id import ProductId, exposure_key, parse_product_id, stem_of
from solbook.records.release import (
    MEDIA_TYPES,
    MOVING,
    MediaType,
    Release,
    ReleaseFiles,
    release_id,
    release_name,
)
from solbook.records.simulated import (
    SIMULATED_HOST,
    SIMULATED_WORD,
    credits_simulation,
    is_simulated_address,
)
from solbook.records.sun import add_sun

__all__ = [
    "MEDIA_TYPES",
    "MOVING",
    "SIMULATED_HOST",
    "SIMULATED_WORD",
    "Asset",
    "Frame",
    "Link",
    "LinkKind",
    "ManifestSol",
    "MediaType",
    "Mention",
    "PhotoStatement",
    "ProductId",
    "Rejected",
    "Release",
    "ReleaseFiles",
    "RoverStatement",
    "SourcePage",
    "add_sun",
    "credits_simulation",
    "exposure_key",
    "find_mentions",
    "frame_id",
    "is_simulated_address",
    "links_of_release",
    "missions_in_keywords",
    "parse_product_id",
    "product_and_version",
    "release_id",
    "release_name",
    "stem_of",
]
