"""What tells simulated records from real ones."""

from __future__ import annotations

import pytest

from solbook.records import (
    SIMULATED_HOST,
    credits_simulation,
    exposure_key,
    is_simulated_address,
    parse_product_id,
)


def test_the_host_is_in_a_domain_that_never_is_one() -> None:
    # RFC 2606: no name in `.invalid` is ever given out.
    assert SIMULATED_HOST.endswith(".invalid")


@pytest.mark.parametrize(
    ("address", "simulated"),
    [
        ("https://rehearsal.invalid/pub/a.png", True),
        ("http://rehearsal.invalid/pub/a.png", True),
        ("HTTPS://Rehearsal.Invalid/pub/a.png", True),
        ("https://rehearsal.invalid", True),
        ("https://rehearsal.invalid:443/a.png", True),
        ("https://mars.nasa.gov/a.png", False),
        ("https://mars.nasa.gov/?from=https://rehearsal.invalid/a.png", False),
        ("https://rehearsal.invalid.example.org/a.png", False),
        ("https://rehearsal.invalidated/a.png", False),
        ("https://not-rehearsal.invalid/a.png", False),
        ("rehearsal.invalid/a.png", False),
        ("", False),
    ],
)
def test_addresses_of_simulated_files(address: str, simulated: bool) -> None:
    assert is_simulated_address(address) == simulated


@pytest.mark.parametrize(
    ("credit", "simulated"),
    [
        ("Solbook, simulated", True),
        ("Simulated by Solbook", True),
        ("SIMULATED", True),
        ("NASA/JPL-Caltech", False),
        ("NASA/JPL-Caltech/unsimulated", False),
        ("", False),
    ],
)
def test_credits_that_say_simulated(credit: str, simulated: bool) -> None:
    assert credits_simulation(credit) == simulated


def test_exposures_of_two_missions_have_two_keys() -> None:
    name = parse_product_id("NLF_0257_0689755431_123ECM_N0080000NCAM00500_01_295J01")
    assert name is not None
    real, simulated = exposure_key(name), exposure_key(name, "rehearsal")
    assert real == exposure_key(name, "m2020")
    assert real is not None
    assert simulated is not None
    assert (real.partition(":")[0], simulated.partition(":")[0]) == ("m2020", "rehearsal")
    assert real.partition(":")[2] == simulated.partition(":")[2]
