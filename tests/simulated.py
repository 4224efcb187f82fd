"""The rehearsal's records, made of Perseverance's: other addresses, credit and times."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from solbook.clock import format_utc, mission_clock, parse_lmst
from solbook.records import SIMULATED_HOST

Record = dict[str, Any]


def simulated_record(record: Record, sol: int | None = None) -> Record:
    """A recorded record as the rehearsal's feed would have it; on another sol if one is given."""
    text = json.dumps(record).replace("https://mars.nasa.gov/", f"https://{SIMULATED_HOST}/")
    if sol is not None:
        text = text.replace(f"_{record['sol']:04}_", f"_{sol:04}_")
        text = text.replace(f"Sol-{record['sol']:05}", f"Sol-{sol:05}")
    made: Record = json.loads(text)
    made["sol"] = record["sol"] if sol is None else sol
    made["credit"] = "Solbook, simulated"
    made["title"] = record["title"].replace("Mars Perseverance Sol", "Rehearsal Sol")
    made["caption"] = "Simulated on the rehearsal's ground."
    taken_ns = mission_clock("rehearsal").to_utc(*parse_lmst(made["date_taken_mars"]))
    made["date_taken_utc"] = format_utc(taken_ns + 10**9, 3)
    made["date_received"] = format_utc(taken_ns + 7200 * 10**9, 0)
    return made


def rehearsal_folder(data: Path, folder: Path) -> Path:
    """A rehearsal of twelve sols made of the recorded data: a page of its feed and pictures.

    Args:
        data: The folder of recorded data.
        folder: Where to.
    """
    feed = data / "01_m2020_feed"
    sidecars = sorted((feed / "navcam_sidecars").glob("*.json"))
    records = [json.loads(path.read_text()) for path in sidecars]
    page = feed / "sample_rss_response_sol23_24_100.json"
    records += json.loads(page.read_text())["images"]
    sols = sorted({record["sol"] for record in records})
    moved = {sol: place % 12 for place, sol in enumerate(sols)}
    made = [simulated_record(record, moved[record["sol"]]) for record in records]
    folder.mkdir()
    (folder / "page.json").write_text(json.dumps({"images": made, "total_results": len(made)}))
    for picture in (data / "03_pixels/m2020_navcam").rglob("*.png"):
        sol = moved[int(picture.name[4:8])]
        shutil.copy(picture, folder / f"{picture.name[:4]}{sol:04}{picture.name[8:]}")
    return folder
