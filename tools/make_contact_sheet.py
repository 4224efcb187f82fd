"""Make `docs/images/rehearsal.jpg`: forty frames of a rehearsal, ordered by the local time of day.

solbook rehearse FOLDER --sols 12
python tools/make_contact_sheet.py FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import pyvips

from solbook.clock import format_lmst
from solbook.records import Frame
from solbook.sources import source_named

TARGET = Path(__file__).parents[1] / "docs" / "images" / "rehearsal.jpg"
FRAMES, ACROSS = 40, 5
WIDTH_PX, HEIGHT_PX = 320, 240
LABEL_PX = 22
# How many of each: what a day of a rover looks like, and every camera.
SHARES = {
    "NAVCAM_LEFT": 14,
    "MCZ_LEFT": 10,
    "FRONT_HAZCAM_LEFT_A": 5,
    "REAR_HAZCAM_LEFT": 4,
    "SHERLOC_WATSON": 3,
    "HELI_RTE": 2,
    "HELI_NAV": 2,
}


def frames_of(folder: Path) -> list[Frame]:
    """The full frames of a rehearsal whose pictures are there."""
    source = source_named("rehearsal")
    pages = [source.read_page(path.read_bytes(), str(path)) for path in (folder / "feed").iterdir()]
    return [
        frame
        for page in pages
        for frame in page.frames
        if frame.sample_type == "full" and picture_of(folder, frame).exists()
    ]


def picture_of(folder: Path, frame: Frame) -> Path:
    """The file of a frame."""
    return folder / "images" / f"{frame.product_id}{frame.version:02d}.png"


def chosen(frames: list[Frame]) -> list[Frame]:
    """Forty of them, spread over the hours of the day, tiles left out."""
    found: list[Frame] = []
    for camera, share in SHARES.items():
        of_camera = [f for f in frames if f.instrument == camera and (f.width_px or 0) != 1296]
        of_camera.sort(key=lambda frame: (frame.lmst_s or 0.0, frame.id))
        count = min(share, len(of_camera))
        found += [of_camera[k * (len(of_camera) - 1) // max(count - 1, 1)] for k in range(count)]
    return sorted(found, key=lambda frame: (frame.lmst_s or 0.0, frame.id))[:FRAMES]


def card(folder: Path, frame: Frame) -> pyvips.Image:
    """A small picture with its camera, sol and local time under it."""
    picture = pyvips.Image.thumbnail(
        str(picture_of(folder, frame)), WIDTH_PX, height=HEIGHT_PX, size="down"
    ).colourspace("srgb")
    words = f"{frame.instrument}  sol {frame.sol}  {format_lmst(frame.lmst_s or 0.0, 0)}"
    label = pyvips.Image.text(words, font="sans 9", dpi=84).gravity("west", WIDTH_PX, LABEL_PX)
    above = picture.gravity("centre", WIDTH_PX, HEIGHT_PX)
    return above.join(label.bandjoin([label, label]), "vertical")


def main() -> int:
    """Make the sheet of the folder that is named."""
    folder = Path(sys.argv[1])
    cards = [card(folder, frame) for frame in chosen(frames_of(folder))]
    sheet = pyvips.Image.arrayjoin(cards, across=ACROSS, shim=6, background=0)
    TARGET.parent.mkdir(exist_ok=True)
    sheet.jpegsave(str(TARGET), Q=82, strip=True)
    sys.stdout.write(f"{TARGET}: {len(cards)} frames, {TARGET.stat().st_size:,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
