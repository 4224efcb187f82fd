"""Numbers that say which one: 13th, 1,000th, thirteenth, twenty-sixth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from solbook.records.mentions.reading import Reading

_UNITS = "first second third fourth fifth sixth seventh eighth ninth".split()
_TEENS = (
    "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth "
    "nineteenth"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SPELLED = (
    {word: number for number, word in enumerate([*_UNITS, *_TEENS], 1)}
    | {f"{word[:-1]}ieth": 10 * number for number, word in enumerate(_TENS, 2)}
    | {"hundredth": 100, "thousandth": 1000}
)
_BEFORE_UNITS = {word: 10 * number for number, word in enumerate(_TENS, 2)}
_ENDINGS = ("st", "nd", "rd", "th")
_MOST_DIGITS = 4


class Ordinal(NamedTuple):
    """Which one, the indices of the first word and of the first after it, and how it is written."""

    number: int
    first: int
    after: int
    is_spelled: bool


def ordinals(reading: Reading) -> Iterator[Ordinal]:
    """Every ordinal number of a text."""
    after = 0
    for index in range(len(reading.words)):
        if index < after:
            continue
        ordinal = ordinal_at(reading, index)
        if ordinal is not None:
            after = ordinal.after
            yield ordinal


def ordinal_at(reading: Reading, index: int) -> Ordinal | None:
    """The ordinal number that begins with a word, if one does."""
    word = reading.folded_at(index)
    if word in _SPELLED:
        return Ordinal(_SPELLED[word], index, index + 1, is_spelled=True)
    if word in _BEFORE_UNITS:
        unit = reading.folded_at(index + 1)
        if unit in _UNITS and reading.gap(index) in {" ", "-"}:
            number = _BEFORE_UNITS[word] + _SPELLED[unit]
            return Ordinal(number, index, index + 2, is_spelled=True)
    elif word[0:1].isdecimal() and word.isascii():
        return _in_digits(reading, index, word)
    return None


def _in_digits(reading: Reading, index: int, word: str) -> Ordinal | None:
    """13th, or 1,000th, which is two words."""
    if word.isdecimal() and len(word) <= 2 and reading.gap(index) == ",":
        rest = _digits(reading.folded_at(index + 1))
        if len(rest) == 3:
            return Ordinal(int(word + rest), index, index + 2, is_spelled=False)
    digits = _digits(word)
    if digits and len(digits) <= _MOST_DIGITS:
        return Ordinal(int(digits), index, index + 1, is_spelled=False)
    return None


def _digits(word: str) -> str:
    """The digits of a word such as "13th"; nothing of another word."""
    digits = word[:-2]
    is_ordinal = word.endswith(_ENDINGS) and word.isascii() and digits.isdecimal()
    return digits if is_ordinal else ""
