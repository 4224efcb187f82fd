"""Product ids, on every id in the recorded data."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solbook.records.product_id import ProductId, exposure_key, parse_product_id, stem_of

PERSEVERANCE = "NLF_0257_0689755431_123ECM_N0080000NCAM00500_01_295J"


def parsed(text: str) -> ProductId:
    product = parse_product_id(text)
    assert product is not None, text
    return product


def texts(value: Any, keys: frozenset[str]) -> Iterator[str]:
    """The strings under some keys of a JSON document, whatever their depth."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key in keys and isinstance(part, str):
                yield part
            else:
                yield from texts(part, keys)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part, keys)


NAMED_BY_PRODUCT = frozenset(
    ["imageid", "img_src", "url", "https_url", "full_res", "large", "medium", "small"]
)


def recorded_names(shared_data: Path) -> Iterator[str]:
    """Every name of a product anywhere in the recorded data, as it stands there."""
    data = shared_data / "data"
    for folder in ("01_m2020_feed", "02_mars_photos_api", "02_other_feeds"):
        for path in (data / folder).rglob("*.json"):
            yield from texts(json.loads(path.read_text()), NAMED_BY_PRODUCT)
            if folder == "01_m2020_feed" and path.parent.name == "navcam_sidecars":
                yield path.name
    dump = data / "01_m2020_feed" / "mars_photos_api_perseverance_5911.csv"
    with dump.open(newline="") as lines:
        yield from (row["img_src"] for row in csv.DictReader(lines))
    for folder in ("m2020_navcam", "m2020_mixed", "mars_raw_utils_testdata", "msl_navcam_stereo"):
        yield from (path.name for path in (data / "03_pixels" / folder).glob("*"))
    yield from (path.name for path in (data / "06_pds" / "msl_navcam_edr").glob("*.[LI]*"))
    yield from (path.name for path in (data / "06_pds" / "ale_msl_mastcam").glob("*_pds3.lbl"))
    with (shared_data / "truth" / "nasa_utc_lmst_pairs.csv").open(newline="") as lines:
        yield from (row["product"] for row in csv.DictReader(lines))
    conventions = json.loads((shared_data / "facts" / "filename_conventions.json").read_text())
    yield from (convention["example"] for convention in conventions.values())


def test_every_recorded_id_is_read_and_written_back(shared_data: Path) -> None:
    found: Counter[str] = Counter()
    others = set()
    for name in set(recorded_names(shared_data)):
        stem = stem_of(name).removesuffix("_pds3")
        product = parse_product_id(stem)
        if product is None:
            others.add(stem)
            continue
        found[product.convention] += 1
        assert str(product) == stem
        assert re.search(rf"(?:^|/|_){re.escape(str(product))}", name)
        assert parse_product_id(product.base) is not None
        assert parsed(product.base).base == product.base
    # A product of the neutron detector follows no camera convention.
    assert others == {"DNB_540767866EPA16140610924_______M1"}
    assert found["M2020"] > 11_000
    assert found["MSL_MMM"] > 840
    assert found["MSL_OPGS"] > 25
    assert found["MER"] >= 1
    assert found["INSIGHT"] >= 1


def test_fields_of_a_perseverance_id() -> None:
    product = parsed(PERSEVERANCE + "01")
    assert product.base == PERSEVERANCE
    assert (product.mission, product.convention) == ("m2020", "M2020")
    assert (product.instrument, product.config, product.version) == ("NL", "F", 1)
    assert (product.sol, product.sclk_s) == (257, 689755431.123)
    assert (product.product_type, product.sample_type) == ("ECM", "N")
    assert (product.site, product.drive, product.sequence) == (8, 0, "NCAM00500")
    assert (product.camera_field, product.downsample) == ("01_", 2)
    assert (product.compression, product.producer) == ("95", "J")
    assert parsed(PERSEVERANCE).version is None


def test_fields_of_the_other_conventions() -> None:
    navcam = parsed("NLB_516721703EDR_F0540992CCAM15900M1")
    assert (navcam.instrument, navcam.config, navcam.sclk_s) == ("NL", "B", 516721703.0)
    assert (navcam.site, navcam.drive, navcam.sequence) == (54, 992, "CCAM15900")
    assert (navcam.sample_type, navcam.producer, navcam.version) == ("F", "M", 1)
    mastcam = parsed("2264ML0121141200805116C00_DRCL")
    assert (mastcam.sol, mastcam.instrument, mastcam.sequence) == (2264, "ML", "012114")
    assert (mastcam.product_type, mastcam.version, mastcam.processing) == ("C", 0, "DRCL")
    short = parsed("0001ML0000001000I1_DXXX")
    assert (short.sol, short.instrument, short.product_type) == (1, "ML", "I")
    assert short.sequence is None
    pancam = parsed("1P486570059EFFCNJDP2407R2M1")
    assert (pancam.mission, pancam.instrument, pancam.sclk_s) == ("opportunity", "P", 486570059.0)
    assert (pancam.site_drive, pancam.site, pancam.drive) == ("CNJD", None, None)
    assert (pancam.sequence, pancam.eye, pancam.filter_code) == ("P2407", "R", "2")
    assert parsed("2P126471340EDN0000P2303L5M1").mission == "spirit"
    icc = parsed("C000M0190_613408865EDR_F0000_0461M_")
    assert (icc.mission, icc.instrument, icc.sol) == ("insight", "C", 190)
    assert (icc.sclk_s, icc.sample_type, icc.version) == (613408865.0, "F", None)


def test_counts_that_ran_over_are_kept_as_text() -> None:
    product = parsed(PERSEVERANCE[:28] + "A0BC123" + PERSEVERANCE[35:])
    assert (product.site, product.drive, product.site_drive) == (None, None, "A0BC123")


def test_fields_agree_with_the_feed(shared_data: Path) -> None:
    folder = shared_data / "data" / "01_m2020_feed"
    for path in (folder / "navcam_sidecars").iterdir():
        record = json.loads(path.read_text())
        product = parsed(record["imageid"])
        assert product.sol == record["sol"]
        assert (product.site, product.drive) == (record["site"], int(record["drive"]))
        assert (product.sample_type == "T") == (record["sample_type"] == "Thumbnail")


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        (f"https://a.b/ncam/{PERSEVERANCE}01_1200.jpg?x=1#y", f"{PERSEVERANCE}01"),
        (f"{PERSEVERANCE}01_800.jpg", f"{PERSEVERANCE}01"),
        (f"{PERSEVERANCE}01_320.jpg", f"{PERSEVERANCE}01"),
        (f"{PERSEVERANCE}01-metadata.json", f"{PERSEVERANCE}01"),
        (f"Mars_Perseverance_{PERSEVERANCE}01.png", f"{PERSEVERANCE}01"),
        (f"C:\\images\\{PERSEVERANCE}.tar.gz", PERSEVERANCE),
        (
            "http://a.b/all/1/p/4037/1P486570059EFFCNJDP2407R2M1-BR.JPG",
            "1P486570059EFFCNJDP2407R2M1",
        ),
        ("0001ML0000001000I1_DXXX-thm.jpg", "0001ML0000001000I1_DXXX"),
        ("", ""),
    ],
)
def test_stem_of(name: str, stem: str) -> None:
    assert stem_of(name) == stem


@pytest.mark.parametrize(
    "text",
    [
        "",
        "LVS155156",
        "jezero_small",
        "N_LRGB_1524_RZS_0750000_CYL_L_AUTOGENJ02",
        "DNB_540767866EPA16140610924_______M1",
        PERSEVERANCE.lower(),
        PERSEVERANCE[:-1],
        PERSEVERANCE + "0",
        PERSEVERANCE + "0x",
        PERSEVERANCE + "01\n",
        "x" * 52,
        "3P126471340EDN0000P2303L5M1",
        PERSEVERANCE.replace("0257", "٠٢٥٧"),
    ],
)
def test_what_is_no_id_gives_none(text: str) -> None:
    assert parse_product_id(text) is None


@given(st.text())
def test_no_text_raises(text: str) -> None:
    product = parse_product_id(text)
    assert product is None
    assert parse_product_id(stem_of(text)) is None


@given(
    st.sampled_from([PERSEVERANCE, "NLB_516721703EDR_F0540992CCAM15900M1"]),
    st.data(),
)
def test_a_damaged_id_is_read_whole_or_not_at_all(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 1))
    damaged = text[:at] + data.draw(st.characters()) + text[at + 1 :]
    product = parse_product_id(damaged)
    if product is not None:
        assert str(product) == damaged
        assert exposure_key(product)


def exposures(names: set[str]) -> dict[str, set[str]]:
    groups = defaultdict(set)
    for name in names:
        key = exposure_key(parsed(name))
        assert key is not None
        groups[key].add(name)
    return groups


def test_both_eyes_tiles_thumbnails_and_products_share_an_exposure() -> None:
    together = [
        "NLF_1110_0765465872_675ECM_N0512578NCAM13109_01_195J",
        "NLF_1110_0765465872_675ECM_N0512578NCAM13109_04_195J",
        "NRF_1110_0765465872_675ECM_N0512578NCAM13109_01_195J",
        "NRE_1110_0765465872_675EBY_T0512578NCAM13109_00_6I1J03",
    ]
    assert len(exposures(set(together))) == 1
    colour_planes = {
        "FLB_0002_0667129448_123ECM_N0010052AUT_04096_00_2I3J01",
        "FRB_0002_0667129448_123ECM_T0010052AUT_04096_00_6I1J01",
    }
    assert len(exposures(colour_planes)) == 1
    assert len(exposures(colour_planes | set(together))) == 2


def test_exposures_of_the_other_conventions() -> None:
    stereo = {"NLB_524534514EDR_F0562034NCAM00280M_", "NRB_524534514EDR_F0562034NCAM00280M_"}
    assert len(exposures(stereo)) == 1
    remote_imager = {"CR0_486264264EDR_F0481570CCAM02000M_", "CR0_486264264PRC_F0481570CCAM02000L1"}
    assert len(exposures(remote_imager)) == 1
    pancam = {"1P486570059EFFCNJDP2407R2M1", "1P486570059ETHCNJDP2407L2M1"}
    assert len(exposures(pancam)) == 1
    assert exposure_key(parsed("0017MR0000500310100103I01_XXXX")) is None
    assert exposure_key(parsed("C000M0190_613408865EDR_F0000_0461M_")) is not None


def test_frames_of_a_burst_are_exposures_of_their_own() -> None:
    burst = {
        f"EDE_0004_0667287749_518ECM_N0010052EDLC00004_00{frame}0LUJ02" for frame in range(1, 6)
    }
    assert len(exposures(burst)) == 5
    assert len(exposures({"EAF_0002_0667110211_374ECV_N0010052EDLC00002_0010LUJ01"} | burst)) == 6


def camera_pair(record: dict[str, Any]) -> str:
    """The camera's code without the word that tells left from right."""
    code: str = record["camera"]["instrument"]
    return code.replace("LEFT", "").replace("RIGHT", "")


def test_exposures_of_the_recorded_feed(shared_data: Path) -> None:
    """One exposure has one camera pair and, by the feed, one local time for each eye."""
    feed = shared_data / "data" / "01_m2020_feed"
    records = json.loads((feed / "rss_feed_sol2_sol4_1196.json").read_text())
    records += json.loads((feed / "sample_rss_response_sol23_24_100.json").read_text())["images"]
    records += [json.loads(path.read_text()) for path in (feed / "navcam_sidecars").iterdir()]
    by_key: dict[str, list[Any]] = defaultdict(list)
    by_time = defaultdict(set)
    for record in records:
        key = exposure_key(parsed(record["imageid"]))
        assert key is not None
        by_key[key].append(record)
        by_time[(camera_pair(record), record["date_taken_mars"])].add(key)
    assert len(by_key) == 1143
    for group in by_key.values():
        assert len({camera_pair(record) for record in group}) == 1
        times = {(r["camera"]["instrument"], r["date_taken_mars"]) for r in group}
        assert len(times) == len({camera for camera, _ in times})
    # What one camera took at one time has one key, but for the first Mastcam-Z frames, whose
    # thumbnails carry the clock of their making, and the frames of EDL films and bursts, which
    # the feed gives the time of the first.
    apart = {camera for (camera, _), keys in by_time.items() if len(keys) > 1}
    assert apart == {"MCZ_", "EDL_PUCAM1", "EDL_PUCAM2", "EDL_RDCAM"}


def test_exposures_of_the_dump(shared_data: Path) -> None:
    path = shared_data / "data" / "01_m2020_feed" / "mars_photos_api_perseverance_5911.csv"
    with path.open(newline="") as lines:
        names = {stem_of(row["img_src"]) for row in csv.DictReader(lines)}
    groups = exposures(names)
    clocks = {name[:1] + name[4:23] for name in names}
    assert len(groups) == len(clocks)  # one clock reading of one kind of camera, one exposure
    assert max(len(group) for group in groups.values()) > 8
