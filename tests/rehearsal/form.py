"""The form of the feed's records, field by field; real and simulated ones are held against it."""

from __future__ import annotations

import re
from typing import Any

NUMBER = r"-?\d+(?:\.\d+)?(?:e[+-]\d+)?"
VECTOR = rf"\({NUMBER},{NUMBER},{NUMBER}\)"
_CAHVORE = rf"(?:{VECTOR};){{7}}{NUMBER};{NUMBER}"
_CAHVOR = rf"{VECTOR}(?:;{VECTOR}){{5}}"
_ID = r"[A-Z]{2}[A-Z0-9]_\d{4}_\d{10}_\d{3}E[A-Z]{2}_[NT]\d{7}[A-Z]{4}\d{5}_[A-Z0-9_]{6}J"
_STEM = rf"https://[a-z.]+/[a-z0-9-]+/pub/ods/surface/sol/\d{{5}}/ids/edr/browse/[a-z]+/{_ID}\d\d"
_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"

FORM: dict[str, Any] = {
    "extended": {
        "mastAz": rf"{NUMBER}|UNK",
        "mastEl": rf"{NUMBER}|UNK",
        "sclk": r"\d{9}\.\d{3}",
        "scaleFactor": r"\d+",
        "xyz": VECTOR,
        "subframeRect": r"\(\d+,\d+,\d+,\d+\)",
        "dimension": r"\(\d+,\d+\)",
    },
    "sol": int,
    "attitude": rf"\({NUMBER},{NUMBER},{NUMBER},{NUMBER}\)",
    "image_files": {
        "medium": rf"{_STEM}_800\.jpg",
        "small": rf"{_STEM}_320\.jpg",
        "full_res": rf"{_STEM}\.png",
        "large": rf"{_STEM}_1200\.jpg",
    },
    "imageid": _ID,
    "camera": {
        "filter_name": r"UNK|OPEN|ZCAM_[LR]0_RGB",
        "camera_vector": VECTOR,
        "camera_model_component_list": rf"{_CAHVORE}|{_CAHVOR}",
        "camera_position": VECTOR,
        "instrument": r"[A-Z_]+",
        "camera_model_type": r"CAHVORE?",
    },
    "caption": r"(?s).+ \n\nThis image was acquired on +[A-Z][a-z]+\.? \d{1,2}, \d{4}"
    r" \(Sol \d+\) at the local mean solar time of \d\d:\d\d:\d\d\.",
    "sample_type": r"Full|Thumbnail",
    "date_taken_mars": r"Sol-\d{5}M\d\d:\d\d:\d\d\.\d{3}",
    "credit": r".+",
    "date_taken_utc": rf"{_TIME}\.\d{{3}}",
    "json_link": rf"https://[a-z.]+/rss/api/\?feed=raw_images&category=[a-z0-9]+"
    rf"&feedtype=json&id={_ID}",
    "link": rf"https://[a-z.]+/[a-z0-9]+/multimedia/raw-images/(?:\?id=)?{_ID}",
    "drive": r"\d+",
    "title": r"Mars [A-Z].* Sol \d+: .+",
    "site": int,
    "date_received": rf"{_TIME}Z",
}


def differences(record: dict[str, Any], form: dict[str, Any] = FORM, where: str = "") -> list[str]:
    """What of a record is not as the form has it: keys, their order, types, patterns."""
    if list(record) != list(form):
        return [f"{where}: keys {list(record)}"]
    found = []
    for key, expected in form.items():
        value = record[key]
        if isinstance(expected, dict):
            found += differences(value, expected, f"{where}{key}.")
        elif expected is int:
            if type(value) is not int:
                found.append(f"{where}{key}: {value!r}")
        elif not (isinstance(value, str) and re.fullmatch(expected, value)):
            found.append(f"{where}{key}: {value!r}")
    return found
