"""Descriptors and hashes of pictures: what they tell apart, and what changes them little."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import pyvips
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from solbook.imaging import NotAPicture
from solbook.imaging.descriptor import DEFAULT_DESCRIPTOR, SIDE_PX, Floats, small_picture
from solbook.imaging.perceptual_hash import (
    DUPLICATE_BITS,
    DUPLICATE_LIKENESS,
    differing_bits,
    perceptual_hash,
)
from tests.imaging.drawn import KINDS, ramp, written

NAVCAM = "data/03_pixels/m2020_navcam"
SQUARE = (SIDE_PX, SIDE_PX, 3)


@pytest.fixture(scope="module")
def navcam(shared_data: Path) -> dict[str, Floats]:
    """The recorded Navcam pictures, by product id."""
    return {p.stem: small_picture(p) for p in sorted((shared_data / NAVCAM).glob("*.png"))}


def likeness(one: Floats, other: Floats) -> float:
    return float(DEFAULT_DESCRIPTOR.describe(one) @ DEFAULT_DESCRIPTOR.describe(other))


def bits_apart(one: int, other: int) -> int:
    return int(differing_bits(np.array([one], dtype=np.uint64), other)[0])


@given(arrays(np.float32, SQUARE, elements=st.floats(0, 1, width=32)))
def test_a_descriptor_has_length_1_whatever_the_picture(small: Floats) -> None:
    vector = DEFAULT_DESCRIPTOR.describe(small)
    assert vector.shape == (DEFAULT_DESCRIPTOR.dimensions,)
    assert vector.dtype == np.float32
    assert np.isclose(np.linalg.norm(vector), 1, atol=1e-5)
    assert np.array_equal(vector, DEFAULT_DESCRIPTOR.describe(small.copy()))


def test_it_is_small_enough_for_a_million() -> None:
    assert DEFAULT_DESCRIPTOR.dimensions <= 256


@pytest.mark.parametrize("suffix", KINDS)
def test_every_format_is_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(written(ramp(300, 200), suffix))
    small = small_picture(path)
    assert small.shape == SQUARE
    assert small[:, 0].mean() < 0.1
    assert small[:, -1].mean() > 0.9


def test_a_transparent_and_a_grey_picture_are_read(tmp_path: Path) -> None:
    for name, image in (("clear", ramp(90, 90).bandjoin(128)), ("grey", ramp(90, 90, 1))):
        (tmp_path / name).write_bytes(written(image, ".png"))
        assert small_picture(tmp_path / name).shape == SQUARE


def test_what_breaks_off_is_no_picture(tmp_path: Path) -> None:
    noise = written(pyvips.Image.gaussnoise(400, 300).cast("uchar"), ".jpg")
    (tmp_path / "half.jpg").write_bytes(noise[: len(noise) // 2])
    with pytest.raises(NotAPicture):
        small_picture(tmp_path / "half.jpg")
    with pytest.raises(FileNotFoundError):
        small_picture(tmp_path / "gone.jpg")


def test_the_other_eye_looks_like_nothing_else(navcam: dict[str, Floats]) -> None:
    # 11 stereo pairs with one tile: of each eye the likest of all pictures is the other eye, but
    # for one pair, where the same scene was taken twice.
    names = list(navcam)
    vectors = np.array([DEFAULT_DESCRIPTOR.describe(navcam[name]) for name in names])
    products = vectors @ vectors.T
    np.fill_diagonal(products, -1)
    first = []
    for n, name in enumerate(names):
        others = [m for m, other in enumerate(names) if m != n and name[2:] == other[2:]]
        first += [int(np.argmax(products[n])) in others] if others else []
    assert len(first) == 22
    assert np.mean(first) >= 0.9


def changed(image: pyvips.Image, folder: Path) -> list[Floats]:
    """A picture in other sizes and formats, and somewhat brighter."""
    small = image.thumbnail_image(320)
    made = {
        "small.png": small,
        "packed.jpg": small,
        "bright.png": (image * 1.15).cast("uchar"),
    }
    found = []
    for name, one in made.items():
        options = {"Q": 60} if name.endswith("jpg") else {}
        one.write_to_file(str(folder / name), **options)
        found.append(small_picture(folder / name))
    return found


def test_a_copy_is_known_and_another_picture_is_not(
    navcam: dict[str, Floats], shared_data: Path, tmp_path: Path
) -> None:
    hashes = {name: perceptual_hash(small) for name, small in navcam.items()}
    known = 0
    for name in list(navcam)[::4]:
        image = pyvips.Image.new_from_file(str(shared_data / NAVCAM / f"{name}.png"))
        for copy in changed(image, tmp_path):
            bits, own = perceptual_hash(copy), hashes[name]
            assert bits is not None
            assert own is not None
            known += (
                bits_apart(bits, own) <= DUPLICATE_BITS
                and likeness(copy, navcam[name]) >= DUPLICATE_LIKENESS
            )
    assert known == 3 * len(list(navcam)[::4])
    for one, other in combinations(navcam, 2):
        a, b = hashes[one], hashes[other]
        if a is not None and b is not None and one[2:] != other[2:]:
            alike = likeness(navcam[one], navcam[other]) >= DUPLICATE_LIKENESS
            assert not (alike and bits_apart(a, b) <= DUPLICATE_BITS), (one, other)


@pytest.mark.parametrize("level", [0.0, 0.5, 1.0])
def test_a_picture_without_contrast_has_no_hash(level: float) -> None:
    assert perceptual_hash(np.full(SQUARE, level, dtype=np.float32)) is None
