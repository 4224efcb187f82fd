"""A text made ready to be searched: its words, sentences and what stands beside what.

Letters are folded one to one (case, accents, typographic quotes and dashes), so that a position in
the folded text is the same position in the text. Every look around a word is bounded, so that the
work stays linear in the length of the text whatever somebody writes into it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import cached_property
from typing import NamedTuple

from solbook.records.mentions.mention import LinkKind, Mention


class Word(NamedTuple):
    """A run of letters and digits, folded, and where it stands."""

    folded: str
    start: int
    end: int


_SINGLE_QUOTES = (0x60, 0xB4, 0x2BB, 0x2BC, 0x2018, 0x2019, 0x2032)
_DOUBLE_QUOTES = (0x201C, 0x201D, 0x201E, 0x2033)
_DASHES = (0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212)
_SPACES = (0xA0, 0x2007, 0x2008, 0x2009, 0x200A, 0x202F)


def _plain_letters() -> dict[int, str]:
    """Latin letters without their accents, quotes and dashes as on a keyboard."""
    table = {}
    for code in range(0xC0, 0x250):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii():
            table[code] = base
    table |= dict.fromkeys(_SINGLE_QUOTES, "'")
    table |= dict.fromkeys(_DOUBLE_QUOTES, '"')
    table |= dict.fromkeys(_DASHES, "-")
    table |= dict.fromkeys(_SPACES, " ")
    return table


_PLAIN = _plain_letters()
_WORD = re.compile(r"[^\W_]+")
# The end of a sentence, a blank line, or the end of the first line, which is a title.
_STOP = re.compile(r"[.!?][\"')\]]{0,2}(?=\s)|\n[ \t]{0,8}\n")
_BEGINS_SENTENCE = re.compile(r"\s{1,8}[\"'(\[]{0,2}[A-Z0-9]")
_ABBREVIATED = frozenset(
    "jan feb mar apr jun jul aug sep sept oct nov dec dr mr mrs ms st no fig vs e g i".split()
    + "approx ca prof inc ltd u s a p m et al mt gen col".split()
)
_SEGMENT = re.compile(r"[:;\n]\s|\s-{1,2}\s")
_JOINTS = frozenset(["", "-", "'", "."])
_TITLE_WORDS = 3
_TITLE_SHARE = 0.7


class Reading:
    """A text and its words.

    Attributes:
        text: As it was given.
        plain: The same length, with plain letters, quotes and dashes.
        folded: The same in lower case.
        words: Its words in order.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = text.translate(_PLAIN)
        self.folded = _lower(self.plain)
        self.words = [Word(m[0], m.start(), m.end()) for m in _WORD.finditer(self.folded)]
        self._word_starts = [word.start for word in self.words]
        self._sentence_starts = self._find_sentences()
        self._segment_starts = sorted(
            {*self._sentence_starts, *(m.end() for m in _SEGMENT.finditer(self.plain))}
        )
        self._words_of: dict[int, frozenset[str]] = {}
        self._titles: dict[int, bool] = {}

    def mention(self, kind: LinkKind, target: str, start: int, end: int) -> Mention:
        """A link made by the words between two places."""
        return Mention(kind, target, self.text[start:end], start, end)

    def word_at(self, start: int) -> int:
        """The index of the word that begins at or after a place in the text."""
        return bisect_right(self._word_starts, start - 1)

    def folded_at(self, index: int) -> str:
        """A word by its index; nothing beyond either end."""
        return self.words[index].folded if 0 <= index < len(self.words) else ""

    def is_capital(self, index: int) -> bool:
        """Whether a word begins with a capital letter."""
        return 0 <= index < len(self.words) and self.plain[self.words[index].start].isupper()

    def is_upper(self, index: int) -> bool:
        """Whether a word is in capitals throughout."""
        word = self.words[index]
        return self.plain[word.start : word.end].isupper()

    def gap(self, index: int) -> str:
        """What stands between a word and the next; a full stop beyond either end."""
        if not 0 <= index < len(self.words) - 1:
            return "."
        return self.plain[self.words[index].end : self.words[index + 1].start]

    def are_joined(self, index: int, count: int) -> bool:
        """Whether so many words from an index on are one phrase: with a space or a hyphen."""
        gaps = map(self.gap, range(index, index + count - 1))
        return all(len(gap) <= 4 and gap.strip() in _JOINTS for gap in gaps)

    def phrase(self, index: int, tokens: tuple[str, ...]) -> bool:
        """Whether some words stand at an index, in one phrase."""
        for n, token in enumerate(tokens, index):
            if self.folded_at(n) != token:
                return False
        return self.are_joined(index, len(tokens))

    def sentence(self, at: int) -> int:
        """The number of the sentence at a place in the text."""
        return bisect_right(self._sentence_starts, at) - 1

    def sentence_words(self, at: int) -> frozenset[str]:
        """The different words of the sentence at a place in the text."""
        number = self.sentence(at)
        if number not in self._words_of:
            self._words_of[number] = frozenset(
                self.words[n].folded for n in range(*self._span(self._sentence_starts, number))
            )
        return self._words_of[number]

    def begins_segment(self, index: int) -> bool:
        """Whether a word is the first of a sentence or after a colon, where any is a capital."""
        segment = self._segment(self.words[index].start)
        return index == 0 or self._segment(self.words[index - 1].start) != segment

    def is_title(self, index: int) -> bool:
        """Whether a word stands among words that nearly all begin with a capital."""
        segment = self._segment(self.words[index].start)
        if segment not in self._titles:
            first, after = self._span(self._segment_starts, segment)
            long = [n for n in range(first, after) if self.words[n].folded.isalpha()]
            long = [n for n in long if len(self.words[n].folded) >= 4]
            capitals = sum(map(self.is_capital, long))
            self._titles[segment] = len(long) >= _TITLE_WORDS and capitals >= _TITLE_SHARE * len(
                long
            )
        return self._titles[segment]

    @cached_property
    def present(self) -> frozenset[str]:
        """The different words of the text."""
        return frozenset(word.folded for word in self.words)

    def _segment(self, at: int) -> int:
        return bisect_right(self._segment_starts, at) - 1

    def _span(self, starts: list[int], number: int) -> tuple[int, int]:
        """The indices of the first word of a part and of the first after it."""
        begin = max(number, 0)
        after = starts[begin + 1] if begin + 1 < len(starts) else len(self.text)
        return self.word_at(starts[begin]), self.word_at(after)

    def _find_sentences(self) -> list[int]:
        starts = [0]
        title_end = self.plain.find("\n")
        if title_end >= 0:
            starts.append(title_end + 1)
        for stop in _STOP.finditer(self.plain):
            blank = stop[0][0] == "\n"
            if blank or (
                _BEGINS_SENTENCE.match(self.plain, stop.end())
                and not self._is_abbreviation(stop.start())
            ):
                starts.append(stop.end())
        return sorted(set(starts))

    def _is_abbreviation(self, at: int) -> bool:
        """Whether the word before a full stop is a short form such as "Nov"."""
        if self.plain[at] != ".":
            return False
        index = self.word_at(at) - 1
        if index < 0 or self.words[index].end != at:
            return False
        word = self.words[index].folded
        return word in _ABBREVIATED or (len(word) == 1 and word.isalpha())


def _lower(plain: str) -> str:
    """Lower case, letter by letter where the whole would change its length."""
    lower = plain.lower()
    if len(lower) == len(plain):
        return lower
    return "".join(one if len(one) == 1 else "?" for one in map(str.lower, plain))
