"""A small museum's folder: 32 things about one mission, as such a folder might have them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyvips

MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(4096)
CREDITS = ("City Observatory", "NASA/JPL-Caltech", "The Museum", "A Painter")

# Type, title, date, caption.
_THINGS = (
    (
        "photo",
        "Wheels on the Crater Floor",
        "2021-02-18",
        "Perseverance's front Hazcam looks at Jezero crater minutes after the landing.",
    ),
    (
        "photo",
        "First Colours of Jezero",
        "2021-02-19",
        "A rear Hazcam of Perseverance sees Jezero crater in colour on sol 1.",
    ),
    (
        "mosaic",
        "All Around the Landing Site",
        "2021-02-22",
        "This mosaic of Navcam frames shows Jezero crater all around Perseverance on sol 3.",
    ),
    (
        "photo",
        "Helicopter on Its Own",
        "2021-04-07",
        "Ingenuity stands at Wright Brothers Field on sol 45; Mastcam-Z of Perseverance watched.",
    ),
    (
        "photo",
        "Blades Unlocked",
        "2021-04-08",
        "Mastcam-Z saw Ingenuity's blades free for the first time on sol 47.",
    ),
    (
        "video",
        "The First Flight",
        "2021-04-19",
        "Ingenuity's first flight on sol 58, as Mastcam-Z of Perseverance saw it.",
    ),
    (
        "video",
        "Flight Four, Heard",
        "2021-05-07",
        "Ingenuity's fourth flight on sol 69 with the sound of its blades.",
    ),
    (
        "photo",
        "Shadow from Above",
        "2021-04-22",
        "Ingenuity's navigation camera sees its own shadow on flight 2.",
    ),
    (
        "photo",
        "Rover Seen from the Air",
        "2021-04-25",
        "Ingenuity saw Perseverance from the air on flight 3.",
    ),
    (
        "illustration",
        "A Helicopter over Sand",
        "2020-03-01",
        "This artist's concept shows Ingenuity over sand ripples of Mars.",
    ),
    (
        "illustration",
        "Rover with Its Arm Out",
        "2019-06-01",
        "An illustration of Perseverance as its arm reaches for a rock to core.",
    ),
    (
        "illustration",
        "Samples on Their Way Home",
        "2022-08-01",
        "This artist's concept shows sample tubes of Perseverance taken home from Jezero crater.",
    ),
    (
        "illustration",
        "Landing, Painted",
        "2019-11-01",
        "A painting of the sky crane that lowers Perseverance to Jezero crater.",
    ),
    (
        "animation",
        "Landing in Six Phases",
        "2020-12-22",
        "This animation shows entry, descent and landing of Perseverance.",
    ),
    (
        "animation",
        "How a Core Is Sealed",
        "2021-08-01",
        "This animation shows how Perseverance seals a core of rock in a sample tube.",
    ),
    (
        "animation",
        "The Route So Far",
        "2023-01-10",
        "This animation follows the route of Perseverance from the landing to the delta.",
    ),
    (
        "photo",
        "The Empty Tube",
        "2021-08-07",
        "The hole of the first try to core, and the tube Roubion that held only air, on sol 164.",
    ),
    (
        "photo",
        "Two Holes in Rochette",
        "2021-09-08",
        "Perseverance cored the rock Rochette twice; Montdenier and Montagnac are in their tubes.",
    ),
    (
        "photo",
        "Brushed Rock",
        "2021-11-12",
        "WATSON looks at a patch of rock that Perseverance has abraded in South Séítah.",
    ),
    (
        "photo",
        "A Blue Sunset",
        "2021-11-10",
        "Perseverance's Mastcam-Z saw the Sun go down on sol 257; it was blue.",
    ),
    (
        "photo",
        "Dust Devils at Noon",
        "2021-08-20",
        "Navcam of Perseverance saw dust devils pass on the floor of Jezero crater.",
    ),
    (
        "mosaic",
        "The Delta's Edge",
        "2022-04-20",
        "A mosaic of Mastcam-Z shows the front of the delta in Jezero crater.",
    ),
    (
        "photo",
        "A Tube on the Ground",
        "2022-12-21",
        "WATSON sees the first sample tube that Perseverance put down at Three Forks.",
    ),
    (
        "mosaic",
        "Ten Tubes",
        "2023-01-31",
        "A portrait of the depot Three Forks with ten sample tubes of Perseverance.",
    ),
    (
        "map",
        "Traverse Map to Sol 1000",
        "2023-12-12",
        "This map shows the way of Perseverance to sol 1000 and the flights of Ingenuity.",
    ),
    (
        "photo",
        "The Last Landing Place",
        "2024-01-25",
        "Ingenuity after flight 72; a blade is broken, and the helicopter will not fly again.",
    ),
    ("article", "Rover Lands on Mars", "2021-02-18", "Perseverance has landed in Jezero crater."),
    (
        "article",
        "A Helicopter Flies on Another World",
        "2021-04-19",
        "Ingenuity has made its first flight.",
    ),
    (
        "article",
        "First Core Is in Its Tube",
        "2021-09-06",
        "Perseverance has cored the rock Rochette.",
    ),
    (
        "article",
        "The Rover Reaches the Delta",
        "2022-04-19",
        "Perseverance has come to the delta's front.",
    ),
    ("article", "A Depot on Mars", "2023-01-30", "Ten sample tubes lie at Three Forks."),
    (
        "article",
        "Ingenuity's Last Flight",
        "2024-01-25",
        "After 72 flights the helicopter's mission ends.",
    ),
)


def museum_folder(folder: Path) -> Path:
    """Make the folder: pictures with patterns of their own, films, and a sheet of captions."""
    folder.mkdir(parents=True)
    rows: list[dict[str, Any]] = []
    for number, (kind, title, date, caption) in enumerate(_THINGS):
        row = {
            "title": title,
            "date": date,
            "credit": CREDITS[number % len(CREDITS)],
            "caption": caption,
            "type": kind,
            "missions": "Perseverance",
        }
        name = f"thing-{number:02}"
        if kind == "article":
            row["body"] = f"<p>{caption}</p><p>What it means is told in the museum.</p>"
        else:
            noise = pyvips.Image.perlin(1280, 960, cell_size=40 + 7 * number, seed=number)
            ((noise + 1) * 127).cast("uchar").jpegsave(str(folder / f"{name}.jpg"))
            moves = kind in ("video", "animation")
            row["file"] = f"{name}.mp4" if moves else f"{name}.jpg"
            if moves:
                (folder / f"{name}.mp4").write_bytes(MP4 + bytes([number]))
        rows.append(row)
    (folder / "captions.json").write_text(json.dumps(rows), "utf-8")
    return folder
