"""How a picture is cited: in words, in BibTeX, in CSL-JSON."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from solbook.archive.frames import AssetRow, FrameRow, best_stored
from solbook.archive.releases import ReleaseRow
from solbook.missions import mission
from solbook.site import words
from solbook.site.originals import image_id
from solbook.site.pages import links
from solbook.site.pages.frame_facts import SOURCE_NAMES
from solbook.site.presented import simulated_name
from solbook.site.release_words import release_credit, release_date, release_simulated
from solbook.site.titles import credit_line, frame_title, is_simulated

_ARCHIVE = "Solbook"

# What TeX would read as a command. BibTeX counts braces even behind a backslash, so they have
# names.
_TEX = {
    "#": r"\#",
    "$": r"\$",
    "%": r"\%",
    "&": r"\&",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "_": r"\_",
    "{": r"\textbraceleft{}",
    "|": r"\textbar{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
}
_PUBLISHERS = frozenset({"library", "rehearsal-library"})
_NOT_IN_KEY = re.compile(r"[^A-Za-z0-9:._-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """What a citation of a frame says.

    Attributes:
        key: The frame's id with a colon for the slash.
        credit: Whom to credit.
        title: What it is called; says so if it is simulated.
        collection: Its mission's name, or where a release was published.
        number: The product's name, with the mission's version of it where names carry one; a
            release's id.
        number_kind: `Product` or `Release`.
        when: Sol and local time, or when it was published, in words; may be empty.
        taken_ns: When a frame was taken, UTC; `None` where unknown.
        issued: When it was taken or published, UTC; `None` where unknown.
        url: Address of its page.
        media_type: What its stored file is; empty where none is stored.
        sha256: That file's checksum; empty where none is stored.
        accessed: The day on which it was looked at, UTC.
    """

    key: str
    credit: str
    title: str
    collection: str
    number: str
    number_kind: str
    when: str
    taken_ns: int | None
    issued: date | None
    url: str
    media_type: str
    sha256: str
    accessed: date

    def text(self) -> str:
        """One paragraph."""
        taken = "" if self.taken_ns is None else words.utc_exact(self.taken_ns)
        about = ", ".join(part for part in (self.collection, self.when, taken) if part)
        parts = [f"{self.credit}.", f"“{self.title}”."]
        parts += [f"{about[0].upper()}{about[1:]}."] if about else []
        parts.append(f"{self.number_kind} {self.number}.")
        parts.append(f"{_ARCHIVE}, {self.url}, accessed {words.day(self.accessed)}.")
        if self.sha256:
            parts.append(f"sha256 {self.sha256}.")
        return " ".join(parts)

    def bibtex(self) -> str:
        """An entry of a BibTeX file, `@misc`, which every style knows."""
        fields = {
            # Braces of its own: the credit is a name and not `Last, First`.
            "author": f"{{{tex(self.credit)}}}",
            "title": f"{{{tex(self.title)}}}",
            "howpublished": tex(
                ", ".join(
                    part
                    for part in (
                        _ARCHIVE,
                        self.collection,
                        f"{self.number_kind.lower()} {self.number}",
                    )
                    if part
                )
            ),
        }
        if self.issued is not None:
            fields |= {"year": str(self.issued.year), "month": str(self.issued.month)}
        fields |= {
            "url": self.url,
            "urldate": self.accessed.isoformat(),
            "note": tex("; ".join(self._notes())),
        }
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
        return "\n".join([f"@misc{{{_NOT_IN_KEY.sub('-', self.key)},", *lines, "}", ""])

    def csl(self) -> dict[str, Any]:
        """An item of CSL-JSON."""
        item: dict[str, Any] = {
            "id": self.key,
            "type": "graphic",
            "title": self.title,
            "author": [{"literal": self.credit}],
            "collection-title": self.collection,
            "number": self.number,
            "source": _ARCHIVE,
            "URL": self.url,
            "accessed": _date_parts(self.accessed),
            "note": "; ".join(self._notes()),
        }
        if self.issued is not None:
            item["issued"] = _date_parts(self.issued)
        if self.media_type:
            item["medium"] = self.media_type
        return item

    def _notes(self) -> list[str]:
        notes = []
        if self.when:
            notes.append(self.when[:1].upper() + self.when[1:])
        if self.taken_ns is not None:
            notes[0] = f"Taken on {self.when}, {words.utc_exact(self.taken_ns)}"
        if self.sha256:
            notes.append(f"sha256 {self.sha256}")
        return notes


def citation(frame: FrameRow, assets: Sequence[AssetRow], base: str) -> Citation:
    """How to cite a frame today.

    Args:
        frame: The frame.
        assets: Its files.
        base: Scheme and host of this site.
    """
    about = mission(frame.mission)
    title = words.one_line(frame_title(frame))
    stored = best_stored(assets)
    sol = f"sol {frame.sol}"
    if frame.lmst_s is not None:
        sol += f", {words.local_second(frame.lmst_s)} {about.clock.kind}"
    version = f", version {frame.version}" if frame.version else ""
    return Citation(
        key=image_id(frame.id),
        credit=words.one_line(credit_line(frame)),
        title=simulated_name(title) if is_simulated(frame) else title,
        collection=simulated_name(about.name) if about.simulated else about.name,
        number=f"{frame.product_id}{version}",
        number_kind="Product",
        when=sol,
        taken_ns=frame.utc_ns,
        issued=None if frame.utc_ns is None else words.utc_date(frame.utc_ns),
        url=base + links.frame_path(frame.id),
        media_type=(stored.media_type or "") if stored else "",
        sha256=(stored.sha256 or "") if stored else "",
        accessed=datetime.now(UTC).date(),
    )


def release_citation(release: ReleaseRow, assets: Sequence[AssetRow], base: str) -> Citation:
    """How to cite a release today.

    Args:
        release: The release.
        assets: Its files.
        base: Scheme and host of this site.
    """
    stored = best_stored(assets)
    title = words.one_line(release.title)
    published = release_date(release)
    return Citation(
        key=image_id(release.id),
        credit=words.one_line(release_credit(release)),
        title=simulated_name(title) if release_simulated(release) else title,
        # A folder and a feed are no publications: whom to credit says it.
        collection=SOURCE_NAMES[release.source] if release.source in _PUBLISHERS else "",
        number=release.id.partition("/")[2],
        number_kind="Release",
        when=f"published {published}" if published else "",
        taken_ns=None,
        issued=None if release.dated_ns is None else words.utc_date(release.dated_ns),
        url=base + links.release_path(release.id, release.kind),
        media_type=(stored.media_type or "") if stored else "",
        sha256=(stored.sha256 or "") if stored else "",
        accessed=datetime.now(UTC).date(),
    )


def tex(text: str) -> str:
    """Text as TeX must read it."""
    return "".join(_TEX.get(letter, letter) for letter in text)


def _date_parts(day: date) -> dict[str, Any]:
    return {"date-parts": [[day.year, day.month, day.day]]}
