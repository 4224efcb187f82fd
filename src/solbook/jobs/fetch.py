"""Pictures into the archive from the upstream: each is fetched once, when somebody wants it."""

from __future__ import annotations

import threading

from solbook.archive import Archive
from solbook.archive.catalogue import now_ns
from solbook.archive.download import Downloader, DownloadError
from solbook.archive.frames import AssetRow, assets_of
from solbook.archive.pictures import keep_file, note_failure
from solbook.imaging import NotAPicture
from solbook.imaging.media import NotMedia
from solbook.jobs.attach import file_kind
from solbook.jobs.turns import OneAtATime
from solbook.records import is_simulated_address


class PictureFetcher:
    """Fetches the pictures an archive does not have yet; each is asked for once.

    Args:
        archive: The archive.
    """

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.downloader = Downloader(archive.settings)
        # A page of thumbnails asks for many at once; the upstream is asked for few.
        self._turns = threading.Semaphore(4)
        self._alone = OneAtATime()

    def close(self) -> None:
        """Close the connections."""
        self.downloader.close()

    def may_fetch(self, asset: AssetRow) -> bool:
        """Whether it makes sense to ask the upstream for this asset now."""
        settings = self.archive.settings
        if not settings.network or asset.url is None or asset.sha256 is not None:
            return False
        if is_simulated_address(asset.url):
            return False
        resting_ns = int(settings.retry_file_after_s * 1e9)
        return asset.failed_ns is None or now_ns() - asset.failed_ns > resting_ns

    def fetch(self, item: int, version: int, role: str) -> str | None:
        """Fetch and keep one asset.

        Returns:
            `None` when the archive has it now, else why not.
        """
        with self._alone.on((item, version, role)), self._turns:
            # Another thread may have fetched it, or failed to, while this one waited.
            with self.archive.reading() as connection:
                assets = assets_of(connection, item)
            asset = next((a for a in assets if (a.version, a.role) == (version, role)), None)
            if asset is None or asset.sha256 is not None:
                return None
            if not self.may_fetch(asset):
                return asset.failure or _why_not(asset)
            return self._fetch(asset)

    def _fetch(self, asset: AssetRow) -> str | None:
        assert asset.url is not None  # noqa: S101  (may_fetch has seen to it)
        try:
            body = self.downloader.fetch(asset.url)
            kind = file_kind(self.archive, body, asset.role)
        except DownloadError as error:
            if error.lasting:
                note_failure(self.archive, asset.item, asset.version, asset.role, error.reason)
            return error.reason
        except (NotAPicture, NotMedia) as error:
            what = "picture" if isinstance(error, NotAPicture) else "film, sound or captions"
            reason = f"the upstream sent no {what}: {error}"
            note_failure(self.archive, asset.item, asset.version, asset.role, reason)
            return reason
        keep_file(self.archive, asset.item, asset.version, asset.role, body, kind, origin=asset.url)
        return None


def _why_not(asset: AssetRow) -> str:
    """Why a file that never failed is not asked for."""
    if asset.url is not None and is_simulated_address(asset.url):
        return "it is simulated, and on no network"
    return "the network is switched off"
