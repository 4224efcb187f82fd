"""The file an item's pictures are made of: the best that is stored, fetched where none is."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from solbook.archive import Archive
from solbook.archive.frames import AssetRow, best_stored, pictures_among
from solbook.errors import SolbookError
from solbook.imaging import NotAPicture
from solbook.jobs.enlarge import Original
from solbook.jobs.fetch import PictureFetcher
from solbook.site.remembered import Remembered
from solbook.site.subjects import Subject, subject_and_assets

_SEPARATOR = ":"
_Made = TypeVar("_Made")
# Items; each takes a kilobyte or two.
_REMEMBERED = 1000


class Shown(NamedTuple):
    """What a picture is of, and the file it is made of."""

    subject: Subject
    original: Original


def image_id(item_id: str) -> str:
    """An item's id as IIIF addresses have it: in one segment."""
    return item_id.replace("/", _SEPARATOR, 1)


def original_of(asset: AssetRow | None) -> Original | None:
    """A stored file, as pictures are made of it; `None` where nothing is stored."""
    if asset is None or asset.sha256 is None or asset.extension is None:
        return None
    assert asset.media_type is not None  # noqa: S101  (files have all of these)
    assert asset.width_px is not None  # noqa: S101
    assert asset.height_px is not None  # noqa: S101
    return Original(
        asset.sha256, asset.extension, asset.media_type, asset.width_px, asset.height_px
    )


class ShownPictures:
    """The pictures of IIIF identifiers; looked up once until something is written.

    Args:
        archive: The archive.
        fetcher: What fetches better files than are stored.
    """

    def __init__(self, archive: Archive, fetcher: PictureFetcher) -> None:
        self._archive = archive
        self._fetcher = fetcher
        self._known: Remembered[Shown] = Remembered(_REMEMBERED)

    def known(self, identifier: str) -> Shown | None:
        """The same as `find`, if it was looked up before and still holds."""
        return self._known.find(identifier, self._archive.watch.state())

    def find(self, identifier: str) -> Shown:
        """What an identifier names and its best file, fetched now where a worse one is stored.

        Raises:
            SolbookError: There is no such item, or no file of it can be had.
        """
        state = self._archive.watch.state()
        known = self._known.find(identifier, state)
        if known is not None:
            return known
        identity = identifier.replace(_SEPARATOR, "/", 1)
        subject, assets = subject_and_assets(self._archive, identity)
        reason = "no source names a picture of it"
        best = next(iter(pictures_among(assets)), None)
        is_best = best is not None and best.sha256 is not None
        if best is not None and not is_best:
            reason = self._fetcher.fetch(subject.key, best.version, best.role) or ""
            assets = subject_and_assets(self._archive, identity)[1]
        original = original_of(best_stored(assets))
        if original is None:
            raise SolbookError(
                "The picture is not stored here.",
                code="not_found",
                found=reason,
                expected="a stored file, or a source that can be reached",
                help="Attach it: solbook ingest SOURCE FOLDER --files FOLDER",
            )
        shown = Shown(subject, original)
        if is_best:
            # Of any other the upstream may have a better one by and by.
            self._known.keep(identifier, state, shown)
        return shown


def made_of(original: Original, make: Callable[[], _Made]) -> _Made:
    """A picture made of a stored file.

    Raises:
        SolbookError: The stored file is damaged, or is not on disk.
    """
    try:
        return make()
    except NotAPicture as error:
        reason = str(error)
    except OSError as error:
        # Its own words name a path of this machine.
        reason = error.strerror or type(error).__name__
    raise SolbookError(
        "The stored file is damaged.",
        code="file_damaged",
        found=reason,
        expected=f"a picture of {original.width_px} x {original.height_px} pixels",
        help="Put back a copy of it.",
    )
