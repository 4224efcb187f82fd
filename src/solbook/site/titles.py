"""What a frame is called and whom to credit for it; neither is ever missing."""

from __future__ import annotations

from solbook.archive.frames import FrameRow
from solbook.missions import camera, mission

MISSION_CREDIT = "NASA/JPL-Caltech"
"""The credit JPL's image use policy asks for, where a source names none."""


def camera_name(frame: FrameRow) -> str:
    """The name of the frame's camera; its code where Solbook does not know it."""
    facts = camera(frame.mission, frame.instrument)
    return facts.name if facts else frame.instrument


def frame_title(frame: FrameRow) -> str:
    """The source's title, or one made of mission, sol and camera."""
    return frame.title or (f"{mission(frame.mission).name} sol {frame.sol}: {camera_name(frame)}")


def credit_line(frame: FrameRow) -> str:
    """The source's credit, or the mission's."""
    return frame.credit or MISSION_CREDIT
