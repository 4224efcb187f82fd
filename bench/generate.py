"""Feed records without end, in the form of the M2020 feed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

INSTRUMENTS = (
    ("NLF", "NAVCAM_LEFT", "ncam", "NCAM00500"),
    ("NRF", "NAVCAM_RIGHT", "ncam", "NCAM00500"),
    ("ZL0", "MCZ_LEFT", "zcam", "ZCAM08007"),
    ("ZR0", "MCZ_RIGHT", "zcam", "ZCAM08007"),
    ("FLF", "FRONT_HAZCAM_LEFT_A", "fcam", "FHAZ00206"),
)
FRAMES_PER_SOL = 400
_HOST = "https://mars.nasa.gov/mars2020-raw-images/pub/ods/surface"


def record(number: int) -> dict[str, object]:
    """One record; every value a real one has is there and differs from record to record."""
    sol, place = divmod(number, FRAMES_PER_SOL)
    letters, instrument, folder, sequence = INSTRUMENTS[number % len(INSTRUMENTS)]
    sclk = 667_000_000 + sol * 88_775 + place * 200
    second = 20_000 + place * 150
    stem = (
        f"{letters}_{sol:04d}_{sclk:010d}_{number % 1000:03d}ECM_N{sol % 1000:03d}"
        f"{place * 7 % 10000:04d}{sequence}_01_295J"
    )
    base = f"{_HOST}/sol/{sol:05d}/ids/edr/browse/{folder}/{stem}01"
    local = f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
    day, hour = number // 20_000 % 28 + 1, number // 900 % 24
    return {
        "extended": {
            "mastAz": str(number % 360),
            "mastEl": str(-(number % 45)),
            "sclk": f"{sclk}.541",
            "scaleFactor": "2",
            "xyz": f"({number % 90}.8654,{number % 70}.9476,-0.122695)",
            "subframeRect": "(1,1,2576,1936)",
            "dimension": "(1288,968)",
        },
        "sol": sol,
        "attitude": "(0.606479,-0.0397757,-0.098357,-0.787989)",
        "image_files": {
            "medium": f"{base}_800.jpg",
            "small": f"{base}_320.jpg",
            "full_res": f"{base}.png",
            "large": f"{base}_1200.jpg",
        },
        "imageid": stem,
        "camera": {
            "filter_name": "UNK",
            "camera_vector": "(0.29057689406785314,-0.9402846186785678,0.17728481184348516)",
            "camera_model_component_list": (
                "(1.0558,0.58728,-1.9068);(0.561135,-0.666238,0.491192);"
                "(1852.4,91.1798,631.709);(80.8936,-93.732,1763.42);"
                "(0.561089,-0.666767,0.490526);(4.24e-07,0.0517186,-0.0187155);"
                "(1.2e-08,3e-08,-3e-09);2.0;0.0"
            ),
            "camera_position": "(1.0558,0.58728,-1.9068)",
            "instrument": instrument,
            "camera_model_type": "CAHVORE",
        },
        "caption": (
            "NASA's Mars Perseverance rover acquired this image using its onboard camera."
            f" \n\nThis image was acquired on Sol {sol} at the local mean solar time of {local}."
        ),
        "sample_type": "Thumbnail" if number % 10 == 9 else "Full",
        "date_taken_mars": f"Sol-{sol:05d}M{local}.076",
        "credit": "NASA/JPL-Caltech",
        "date_taken_utc": f"2025-12-{day:02d}T{hour:02d}:50:11.497",
        "json_link": f"https://mars.nasa.gov/rss/api/?feed=raw_images&id={stem}",
        "link": f"https://mars.nasa.gov/mars2020/multimedia/raw-images/{stem}",
        "drive": str(place * 7 % 10000),
        "title": f"Mars Perseverance Sol {sol}: {instrument}",
        "site": sol % 1000,
        "date_received": f"2025-12-{day:02d}T{hour:02d}:22:08Z",
    }


def pages(total: int, page_size: int = 100) -> Iterator[bytes]:
    """Pages of the feed, as it sends them."""
    for first in range(0, total, page_size):
        images = [record(number) for number in range(first, min(first + page_size, total))]
        page = {"images": images, "per_page": str(page_size), "total_results": total}
        yield json.dumps(page).encode()


def write_pages(folder: Path, total: int, page_size: int = 100) -> None:
    """Pages as saved files in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, page in enumerate(pages(total, page_size)):
        (folder / f"page-{number:06d}.json").write_bytes(page)
