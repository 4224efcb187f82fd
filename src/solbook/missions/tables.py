"""Reading the packaged tables of facts."""

from __future__ import annotations

import csv
from importlib.resources import files


def read_table(name: str) -> list[dict[str, str]]:
    """Read a CSV file of `missions/data`.

    Args:
        name: File name, for example "cameras.csv".

    Returns:
        Its rows by column name, in the order of the file; a blank is an unknown value.
    """
    text = (files("solbook.missions") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
