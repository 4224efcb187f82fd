"""What a network may do in a minute and on a day, and what is remembered of it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from solbook.archive.limits import NetworkLimits, network_of

S = 1_000_000_000
DAY = 86_400 * S
NOON = 20_000 * DAY + DAY // 2


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("198.51.100.7", "198.51.100.0/24"),
        ("::ffff:198.51.100.7", "198.51.100.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_a_network_is_what_one_household_or_office_has(host: str, network: str) -> None:
    assert network_of(host) == network


def test_a_thousand_in_a_minute(tmp_path: Path) -> None:
    limits = NetworkLimits(tmp_path, per_minute=30, per_day=500, per_image_day=500)
    waits = [limits.use("a", "an image", NOON + number * S * 60 // 1000) for number in range(1000)]
    assert [wait is None for wait in waits] == [True] * 30 + [False] * 970
    assert waits[30] == pytest.approx(60 - 30 * 0.06)
    # Refusals do not count: who waits as told may go on.
    assert limits.use("a", "an image", NOON + 60 * S) is None
    # Nobody else was held up.
    assert limits.use("b", "an image", NOON) is None
    limits.close()


def test_no_sixty_seconds_have_more(tmp_path: Path) -> None:
    limits = NetworkLimits(tmp_path, per_minute=5, per_day=500, per_image_day=500)
    taken = [at for at in range(300) if limits.use("a", "an image", NOON + at * S) is None]
    assert all(sum(at <= other < at + 60 for other in taken) <= 5 for at in taken)
    assert len(taken) == 25
    limits.close()


def test_a_day(tmp_path: Path) -> None:
    limits = NetworkLimits(tmp_path, per_minute=10, per_day=25, per_image_day=500)
    at = [NOON + number * 10 * S for number in range(40)]
    assert [limits.use("a", "an image", each) is None for each in at] == [True] * 25 + [False] * 15
    assert limits.use("a", "an image", at[-1]) == pytest.approx((NOON + DAY // 2 - at[-1]) / S)
    assert limits.use("a", "an image", NOON + DAY // 2) is None
    limits.close()


def test_one_image_on_a_day(tmp_path: Path) -> None:
    limits = NetworkLimits(tmp_path, per_minute=30, per_day=500, per_image_day=3)
    waits = [limits.use("a", "an image", NOON + number) for number in range(5)]
    assert [wait is None for wait in waits] == [True] * 3 + [False] * 2
    assert waits[3] == pytest.approx(DAY / 2 / S)
    assert limits.use("a", "another", NOON) is None
    assert limits.use("b", "an image", NOON) is None
    assert limits.use("a", "an image", NOON + DAY) is None
    limits.close()


def test_processes_count_together(tmp_path: Path) -> None:
    one, other = (
        NetworkLimits(tmp_path, per_minute=4, per_day=500, per_image_day=500) for _ in range(2)
    )
    waits = [(one, other)[number % 2].use("a", "an image", NOON + number) for number in range(8)]
    assert [wait is None for wait in waits] == [True] * 4 + [False] * 4
    one.close()
    other.close()


def test_a_new_day_forgets_the_last_and_its_key(tmp_path: Path) -> None:
    limits = NetworkLimits(tmp_path, per_minute=30, per_day=500, per_image_day=500)
    limits.use("198.51.100.0/24", "an image", NOON)
    before = _rows(limits.path)
    limits.use("198.51.100.0/24", "an image", NOON + 1)
    assert {network for network, _ in _rows(limits.path)} == {before[0][0]}
    limits.use("198.51.100.0/24", "an image", NOON + DAY)
    after = _rows(limits.path)
    assert len(after) == 1
    # The same network cannot be told from another on the next day.
    assert after[0][0] != before[0][0]
    limits.close()
    assert b"198.51.100" not in limits.path.read_bytes()


def _rows(path: Path) -> list[tuple[bytes, int]]:
    connection = sqlite3.connect(path)
    found = connection.execute("SELECT network, at_ns FROM uses").fetchall()
    connection.close()
    return found
