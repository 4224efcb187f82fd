"""What a frame is called, whom to credit for it, and whether it is simulated."""

from __future__ import annotations

from solbook.archive.frames import FrameRow
from solbook.missions import camera, mission

SIMULATED_CREDIT = "Solbook, simulated"
MISSION_CREDIT = "NASA/JPL-Caltech"
"""The credit JPL's image use policy asks for, where a source names none."""


def is_simulated(frame: FrameRow) -> bool:
    """Whether Solbook computed the frame, and no camera took it."""
    return mission(frame.mission).simulated


def camera_name(frame: FrameRow) -> str:
    """The name of the frame's camera; its code where Solbook does not know it."""
    facts = camera(frame.mission, frame.instrument)
    return facts.name if facts else frame.instrument


def frame_title(frame: FrameRow) -> str:
    """The source's title, or one made of mission, sol and camera."""
    return frame.title or (f"{mission(frame.mission).name} sol {frame.sol}: {camera_name(frame)}")


def credit_line(frame: FrameRow) -> str:
    """The source's credit, or the mission's."""
    return frame.credit or (SIMULATED_CREDIT if is_simulated(frame) else MISSION_CREDIT)
