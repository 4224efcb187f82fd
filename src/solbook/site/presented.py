"""A picture as other sites and viewers are told of it: whose, of what, how large, where it is."""

from __future__ import annotations

from dataclasses import dataclass

from solbook.archive.frames import FrameRow
from solbook.archive.releases import ReleaseRow
from solbook.missions import Mission, mission
from solbook.site import words
from solbook.site.pages import links
from solbook.site.pages.cameras import camera_name
from solbook.site.pages.cards import (
    CardMaker,
    known_size,
)
from solbook.site.pages.frame_facts import frame_facts, place_in_time
from solbook.site.pages.release_cards import ReleaseCards
from solbook.site.pages.tiles import part_name
from solbook.site.release_words import is_made, type_name
from solbook.site.subjects import subject_of_frame, subject_of_release
from solbook.site.titles import alt_text, credit_line, frame_title, is_simulated

SIMULATED_NOTE = "Simulated by Solbook; no camera took it."

Facts = tuple[tuple[str, str], ...]
"""Names and values, as people say them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedPicture:
    """A picture and what must be said with it.

    Attributes:
        image_id: Its name in the IIIF Image API, as addresses have it.
        label: What it is called.
        taken_by: Camera and time.
        part: What else tells it from others beside it, such as the tile; may be empty.
        summary: What it shows.
        facts: What is known of it.
        credit: Whom to credit.
        rights: The address of a statement of rights; empty where they are not known.
        page: Path of its page.
        twin: Path of its JSON.
        stand_in: Path of a picture that says why there is none.
        size_px: Width and height; `None` where nobody stated them.
        is_here: Whether the picture is stored, or may be fetched.
        taken_ns: When it was taken, UTC; `None` where unknown.
    """

    image_id: str
    label: str
    taken_by: str
    part: str
    summary: str
    facts: Facts
    credit: str
    rights: str
    page: str
    twin: str
    stand_in: str
    size_px: tuple[int, int] | None
    is_here: bool
    taken_ns: int | None


def presented_frame(frame: FrameRow, maker: CardMaker) -> PresentedPicture:
    """A frame as a picture to be shown elsewhere.

    Args:
        frame: The frame.
        maker: Has the files of the frames in question.
    """
    page = links.frame_path(frame.id)
    title = words.one_line(frame_title(frame))
    note = f" {SIMULATED_NOTE}" if is_simulated(frame) else ""
    return PresentedPicture(
        image_id=links.image_id(frame.id),
        label=simulated_name(title) if is_simulated(frame) else title,
        taken_by=_taken_by(frame),
        part=part_name(frame.product_id),
        summary=f"{(frame.caption or '').strip() or alt_text(frame) + '.'}{note}",
        facts=_facts(frame, mission(frame.mission)),
        credit=words.one_line(credit_line(frame)),
        rights=subject_of_frame(frame).rights,
        page=page,
        twin=links.json_twin(page),
        stand_in=links.picture_path(frame.id, 640),
        size_px=known_size(frame, maker.assets(frame)),
        is_here=maker.has_picture(frame),
        taken_ns=frame.utc_ns,
    )


def presented_release(release: ReleaseRow, maker: ReleaseCards) -> PresentedPicture:
    """A release's picture as it is shown elsewhere.

    Args:
        release: The release.
        maker: Has its files.
    """
    subject = subject_of_release(release)
    page = links.release_path(release.id, release.kind)
    title = words.one_line(subject.title)
    note = f" {SIMULATED_NOTE}" if subject.simulated else ""
    made = f" {type_name(release.media_type)}: no camera took it." if is_made(release) else ""
    facts = [("Type", type_name(release.media_type))]
    facts += [("Published", subject.when)] if subject.when else []
    facts += [("Keywords", ", ".join(release.keyword_list))] if release.keyword_list else []
    return PresentedPicture(
        image_id=links.image_id(release.id),
        label=simulated_name(title) if subject.simulated else title,
        taken_by=", ".join(x for x in (type_name(release.media_type), subject.when) if x),
        part="",
        summary=f"{release.caption or subject.alt + '.'}{made}{note}",
        facts=tuple(facts),
        credit=words.one_line(subject.credit),
        rights=subject.rights,
        page=page,
        twin=links.json_twin(page),
        stand_in=links.picture_path(release.id, 640),
        size_px=maker.size_px(release),
        is_here=maker.has_picture(release),
        taken_ns=None,
    )


def simulated_name(name: str) -> str:
    """A name that says it is of something simulated."""
    return name if "simulated" in name.lower() else f"{name} (simulated)"


def _taken_by(frame: FrameRow) -> str:
    when = place_in_time(frame, mission(frame.mission))
    time = f"{when.local} {when.scale}" if when.local else frame.product_id
    return f"{camera_name(frame.mission, frame.instrument).name}, {time}"


def _facts(frame: FrameRow, about: Mission) -> Facts:
    when = place_in_time(frame, about)
    found = [("Mission", simulated_name(about.name) if about.simulated else about.name)]
    found.append(("Sol", str(frame.sol)))
    if when.local:
        found.append(("Local time", f"{when.local} {when.scale}"))
    found.append(("Taken", when.exact or when.instead))
    known = frame_facts(frame, camera_name(frame.mission, frame.instrument))
    said = ((f.name, f"{f.value} ({f.note})" if f.note else f.value) for f in known)
    return (*found, *said)
