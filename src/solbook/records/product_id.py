"""Product ids: the names the missions give their image files, taken apart.

Five conventions are read; the rehearsal borrows that of M2020. Positions count from 1; what is not
marked verified in the facts behind them is kept as text and not interpreted.

| convention | missions | example |
|---|---|---|
| `M2020` | Perseverance, Ingenuity | `NLF_0257_0689755431_123ECM_N0080000NCAM00500_01_295J01` |
| `MSL_OPGS` | Curiosity: Navcam, Hazcams, ChemCam | `NLB_516721703EDR_F0540992CCAM15900M1` |
| `MSL_MMM` | Curiosity: Mastcam, MAHLI, MARDI | `0017MR0000500310100103I01_XXXX` |
| `MER` | Spirit, Opportunity | `2P126471340EDN0000P2303L5M1` |
| `INSIGHT` | InSight | `C000M0190_613408865EDR_F0000_0461M_` |

Sources: ASU Mastcam-Z PDS4 bundle readme (M2020); WUSTL Analyst Notebook file-name pages (M2020,
MSL, MER); the layout of InSight ids and of the short MSL_MMM ids of Curiosity's first sols
(`0001ML0000001000I1_DXXX`) is inferred from recorded ids, and only what a feed record confirms
(instrument, sol, SCLK) is read from them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

import msgspec

Convention = Literal["M2020", "MSL_OPGS", "MSL_MMM", "MER", "INSIGHT"]


class ProductId(msgspec.Struct, frozen=True, gc=False):
    """The fields of a product id; `str()` gives back the text it was read from.

    A field the convention does not have, or that holds only fill characters, is `None`.

    Attributes:
        text: The id as it was read.
        base: The id without the two-digit version of M2020; otherwise the same as `text`.
        mission: Mission whose convention it is: `m2020`, `msl`, `spirit`, `opportunity` or
            `insight`; the rehearsal's ids look like those of `m2020`.
        convention: Which of the conventions it follows.
        instrument: The instrument letters: `NL` (M2020, MSL), `P` (MER), `C` (InSight).
        version: Version number; `None` where the name has none or it is not a digit.
        sol: Sol on the mission's count; MSL_OPGS and MER names carry none.
        sclk_s: Spacecraft clock of the exposure, seconds, to the millisecond in M2020 and whole
            elsewhere; MSL_MMM names carry none. Clocks of different missions are not comparable.
        product_type: Three letters such as `EDR`, `ECM`, `EBY`; in MSL_MMM one letter such as
            `C`, `E`, `I`.
        sample_type: One letter as in the name: `N` full frame and `T` thumbnail in M2020, `F`
            full, `S` subframe, `T` thumbnail in MSL_OPGS and InSight.
        config: M2020: filter, colour or Bayer character (position 3). MSL_OPGS: electronics side
            or filter (position 3).
        site: Site index, or `None` where its characters are not digits (counts that have run
            over are written with letters).
        drive: Drive index, in the same way.
        site_drive: Both as in the name.
        sequence: The command sequence, for example `NCAM00500`.
        camera_field: M2020 positions 46-48: tile for the engineering cameras, focal length in mm
            for Mastcam-Z, frame of a burst for the EDL cameras.
        downsample: M2020 position 49: the picture is reduced 2^n times.
        compression: M2020 positions 50-51, for example `95` or `LU`.
        eye: MER: `L`, `R`, `M` or `B`. Elsewhere the eye is in the instrument letters.
        filter_code: MER: filter number or letter.
        processing: MSL_MMM: the four letters after the underscore, for example `DXXX`.
        producer: Who made the product: `J` and `M` stand for JPL's OPGS.
    """

    text: str
    base: str
    mission: str
    convention: Convention
    instrument: str
    version: int | None = None
    sol: int | None = None
    sclk_s: float | None = None
    product_type: str = ""
    sample_type: str | None = None
    config: str | None = None
    site: int | None = None
    drive: int | None = None
    site_drive: str | None = None
    sequence: str | None = None
    camera_field: str | None = None
    downsample: int | None = None
    compression: str | None = None
    eye: str | None = None
    filter_code: str | None = None
    processing: str | None = None
    producer: str | None = None

    def __str__(self) -> str:
        return self.text


# The patterns only check; the fields are then cut out by position, which is faster than groups.
_M2020 = re.compile(
    r"[A-Z]{2}[A-Z0-9][A-Z_][0-9]{4}[A-Z_][0-9]{10}_[0-9]{3}"  # to 23: when and with what
    r"[A-Z][A-Z0-9]{2}[A-Z_][A-Z][A-Z0-9]{7}[A-Z][A-Z0-9_]{3}[0-9]{5}"  # to 44: what and where
    r"[A-Z_][A-Z0-9_]{6}[A-Z_](?:[0-9]{2})?"  # how
)
_MSL_OPGS = re.compile(
    r"[A-Z]{2}[A-Z0-9][A-Z_][0-9]{9}[A-Z]{3}[A-Z_][A-Z][A-Z0-9]{7}[A-Z][A-Z_]{3}[0-9]{5}"
    r"[A-Z_][A-Z0-9_]"
)
_MSL_MMM = re.compile(r"[0-9]{4}M[A-Z][0-9]{16}[A-Z][A-Z0-9]{2}_[A-Z]{4}")
_MSL_MMM_SHORT = re.compile(r"[0-9]{4}M[A-Z][0-9]{10}[A-Z][A-Z0-9]_[A-Z]{4}")
_MER = re.compile(r"[12][A-Z][0-9]{9}[A-Z]{3}[A-Z0-9#]{4}[A-Z][0-9]{4}[A-Z][A-Z0-9][A-Z][A-Z0-9_]")
_INSIGHT = re.compile(
    r"[CD][0-9]{3}[A-Z][0-9]{4}_[0-9]{9}[A-Z]{3}[A-Z_][A-Z][A-Z0-9]{4}_[A-Z0-9]{4}[A-Z][A-Z0-9_]"
)
_MER_MISSION = {"1": "opportunity", "2": "spirit"}

# Instruments that come as a left and a right camera exposed together, and what the two share: the
# second front Hazcams (B; letters not verified), front Hazcams, Navcam, rear Hazcams, Mastcam-Z.
_PAIRS = {first + eye: first for first in "BFNRZ" for eye in "LR"}

_SIZES_AND_KINDS = ("_1200", "_800", "_320", "-thm", "-br", "-metadata")
_DOWNLOAD_PREFIX = "Mars_Perseverance_"


def stem_of(url_or_filename: str) -> str:
    """What is left of an address or file name when all that is not the product id is taken off.

    Args:
        url_or_filename: For example
            "https://…/browse/ncam/NLF_0257_…_01_295J01_1200.jpg?x=1" or "1P…M1-BR.JPG".

    Returns:
        The last path segment without query, extensions, size and kind endings (`_1200`, `_800`,
        `_320`, `-thm`, `-BR`, `-metadata`) and the download prefix `Mars_Perseverance_`. It need
        not be a product id: ask `parse_product_id`.
    """
    name = url_or_filename.partition("?")[0].partition("#")[0]
    name = name.replace("\\", "/").rpartition("/")[2].partition(".")[0]
    name = name.removeprefix(_DOWNLOAD_PREFIX)
    lower = name.lower()
    for ending in _SIZES_AND_KINDS:
        if lower.endswith(ending):
            return name[: -len(ending)]
    return name


def parse_product_id(text: str) -> ProductId | None:
    """Take a product id apart.

    Args:
        text: The bare id, as `stem_of` gives it; M2020 ids with or without their version.

    Returns:
        Its fields, or `None` if it follows none of the conventions. Never raises for a string.
    """
    parse = _PARSERS.get(len(text))
    return parse(text) if parse else None


def exposure_key(product: ProductId, mission: str | None = None) -> str | None:
    """A string shared by the frames of one exposure, and by them only.

    Together are: both eyes, all tiles, thumbnails, colour planes and product types with the same
    clock reading. Apart are the frames of an EDL camera's burst, which share one clock reading
    but are full pictures each. Mastcam-Z products of type `FDR` (the first sols) carry the clock
    of their making, so their thumbnails stay apart from the frames.

    Args:
        product: A parsed id.
        mission: Mission id of the frame; that of the id's convention if left out.

    Returns:
        The key, which begins with the mission, or `None` for MSL_MMM ids: they hold no clock, and
        which frames belong together would be a guess.
    """
    text, mission = product.text, mission or product.mission
    family = _PAIRS.get(product.instrument, product.instrument)
    match product.convention:
        case "M2020":
            burst = f":{text[45:48]}" if family[0] == "E" else ""
            return f"{mission}:{family}:{text[4:23]}:{text[28:44]}{burst}"
        case "MSL_OPGS":
            return f"{mission}:{family}:{text[4:13]}:{text[18:34]}"
        case "MER":
            return f"{mission}:{product.instrument}:{text[2:11]}:{text[14:23]}"
        case "INSIGHT":
            return f"{mission}:{product.instrument}:{text[5:19]}"
        case "MSL_MMM":
            return None


def _digits(text: str) -> int | None:
    return int(text) if text.isdigit() else None


def _parse_m2020(text: str) -> ProductId | None:
    if not _M2020.fullmatch(text):
        return None
    site, drive, downsample = text[28:31], text[31:35], text[48]
    # By place and not by name, which for this many fields takes six times as long: every record
    # of the feed passes here.
    return ProductId(
        text,
        text[:52],  # base
        "m2020",
        "M2020",
        text[:2],  # instrument
        int(text[52:]) if len(text) == 54 else None,  # version
        int(text[4:8]),  # sol
        int(text[9:19] + text[20:23]) / 1000,  # sclk_s
        text[23:26],  # product_type
        text[27],  # sample_type
        text[2],  # config
        int(site) if site.isdigit() else None,
        int(drive) if drive.isdigit() else None,
        site + drive,
        text[35:44],  # sequence
        text[45:48],  # camera_field
        int(downsample) if downsample.isdigit() else None,
        text[49:51],  # compression
        producer=text[51],
    )


def _parse_msl_opgs(text: str) -> ProductId | None:
    if not _MSL_OPGS.fullmatch(text):
        return None
    return ProductId(
        text=text,
        base=text,
        mission="msl",
        convention="MSL_OPGS",
        instrument=text[:2],
        version=_digits(text[35]),
        sclk_s=float(text[4:13]),
        product_type=text[13:16],
        sample_type=text[17],
        config=text[2],
        site=_digits(text[18:21]),
        drive=_digits(text[21:25]),
        site_drive=text[18:25],
        sequence=text[25:34],
        producer=text[34],
    )


def _parse_msl_mmm(text: str) -> ProductId | None:
    if not _MSL_MMM.fullmatch(text):
        return None
    return ProductId(
        text=text,
        base=text,
        mission="msl",
        convention="MSL_MMM",
        instrument=text[4:6],
        version=_digits(text[24]),
        sol=int(text[:4]),
        product_type=text[22],
        sequence=text[6:12],
        processing=text[26:],
    )


def _parse_msl_mmm_short(text: str) -> ProductId | None:
    if not _MSL_MMM_SHORT.fullmatch(text):
        return None
    return ProductId(
        text=text,
        base=text,
        mission="msl",
        convention="MSL_MMM",
        instrument=text[4:6],
        sol=int(text[:4]),
        product_type=text[16],
        processing=text[19:],
    )


def _parse_mer(text: str) -> ProductId | None:
    if not _MER.fullmatch(text):
        return None
    return ProductId(
        text=text,
        base=text,
        mission=_MER_MISSION[text[0]],
        convention="MER",
        instrument=text[1],
        version=_digits(text[26]),
        sclk_s=float(text[2:11]),
        product_type=text[11:14],
        site=_digits(text[14:16]),
        drive=_digits(text[16:18]),
        site_drive=text[14:18],
        sequence=text[18:23],
        eye=text[23],
        filter_code=text[24],
        producer=text[25],
    )


def _parse_insight(text: str) -> ProductId | None:
    if not _INSIGHT.fullmatch(text):
        return None
    return ProductId(
        text=text,
        base=text,
        mission="insight",
        convention="INSIGHT",
        instrument=text[0],
        version=_digits(text[34]),
        sol=int(text[5:9]),
        sclk_s=float(text[10:19]),
        product_type=text[19:22],
        sample_type=text[23],
    )


# Each convention has a length of its own.
_PARSERS: dict[int, Callable[[str], ProductId | None]] = {
    54: _parse_m2020,
    52: _parse_m2020,
    36: _parse_msl_opgs,
    35: _parse_insight,
    30: _parse_msl_mmm,
    27: _parse_mer,
    23: _parse_msl_mmm_short,
}
