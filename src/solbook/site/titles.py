"""What a frame is called, whom to credit for it, and whether it is simulated."""

from __future__ import annotations

from solbook.archive.frames import THUMBNAIL, FrameRow
from solbook.missions import camera, mission
from solbook.site import words

SIMULATED_CREDIT = "Solbook, simulated"
MISSION_CREDIT = "NASA/JPL-Caltech"
"""The credit JPL's image use policy asks for, where a source names none."""

MAST_GROUPS = frozenset({"Navcam", "Mastcam-Z", "Mastcam", "Pancam", "SuperCam", "ChemCam"})
"""Groups whose cameras turn with the mast, so that its pointing is theirs."""


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


def alt_text(frame: FrameRow) -> str:
    """What a frame shows, from its metadata: camera, sol, local time, pointing of the mast."""
    kind = "thumbnail" if frame.sample_type == THUMBNAIL else "frame"
    made = "Simulated " if is_simulated(frame) else ""
    parts = [f"{made}{camera_name(frame)} {kind}", f"sol {frame.sol}"]
    if frame.lmst_s is not None:
        parts.append(f"{words.local_minute(frame.lmst_s)} local time")
    facts = camera(frame.mission, frame.instrument)
    if facts is not None and facts.group in MAST_GROUPS:
        if frame.mast_az_deg is not None:
            parts.append(f"mast azimuth {round(frame.mast_az_deg) % 360}°")
        if frame.mast_el_deg is not None:
            parts.append(words.tilt(frame.mast_el_deg))
    return ", ".join(parts)


def sol_and_time(frame: FrameRow) -> str:
    """`sol 755 13:15`, or the sol alone."""
    if frame.lmst_s is None:
        return f"sol {frame.sol}"
    return f"sol {frame.sol} {words.local_minute(frame.lmst_s)}"


def mission_and_sol(frame: FrameRow) -> str:
    """`Perseverance, sol 755`."""
    return f"{mission(frame.mission).name}, {words.sol_name(frame.sol)}"
