"""Cameras by the names people give them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from solbook.missions import MISSIONS, Camera, cameras
from solbook.records.mentions.mention import Mention
from solbook.records.mentions.reading import Reading
from solbook.records.mentions.whose import Sign, Whose

_GROUPS = {
    "Navcam": "navcam|nav cam|navigation camera",
    "Hazcam": "hazcam|haz cam|hazard avoidance camera|hazard camera",
    "Mastcam-Z": "mastcam z|mast camera zoom|mastcam z zoom camera",
    "Mastcam": "mastcam|mast camera",
    "SuperCam": "supercam",
    "SHERLOC": "sherloc",
    "PIXL": "pixl|planetary instrument for x ray lithochemistry",
    "MEDA": "meda|mars environmental dynamics analyzer",
    "MARDI": "mardi|mars descent imager",
    "MAHLI": "mahli|mars hand lens imager",
    "ChemCam": "chemcam|chemistry and camera",
    "IDC": "idc|instrument deployment camera",
    "ICC": "icc|instrument context camera",
    "Pancam": "pancam|panoramic camera",
    "Microscopic Imager": "microscopic imager",
    "EDL": "edl camera",
}
_CAMERAS = {
    "SHERLOC_WATSON": "watson|wide angle topographic sensor for operations and engineering",
    "SHERLOC_ACI": "sherloc aci|autofocus context imager|autofocus and context imager",
    "SKYCAM": "skycam",
    "PIXL_MCC": "pixl mcc|micro context camera",
    "CACHECAM": "cachecam|sample caching system camera",
    "LCAM": "lcam|lander vision system camera",
    "EDL_RUCAM": "rover up look camera",
    "EDL_RDCAM": "rover down look camera",
    "EDL_DDCAM": "descent stage down look camera",
    "SUPERCAM_RMI": "supercam rmi|supercam remote micro imager",
    "CHEMCAM_RMI": "chemcam rmi|chemcam remote micro imager",
    "SUPERCAM_RMI CHEMCAM_RMI": "remote micro imager|rmi",
    "HELI_NAV": "helicopter navigation camera",
    "HELI_RTE": "return to earth camera|helicopter colour camera|rte camera",
}
# What the helicopter's cameras are called when it is clear that it is about the helicopter.
_OF_HELICOPTER: Mapping[tuple[str, ...], str] = {
    ("navigation", "camera"): "HELI_NAV",
    ("color", "camera"): "HELI_RTE",
    ("colour", "camera"): "HELI_RTE",
}
_ONLY_CAPITALS = frozenset("watson mahli mardi sherloc pixl meda rmi idc icc lcam".split())
_SIDES = frozenset(["left", "right", "front", "rear"])
_BESIDE = _SIDES | frozenset("eye eyes of the its and color colour stereo s".split())
_MOST_BESIDE = 7


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A name and what it may mean: a group, or one camera, which missions have under one code."""

    tokens: tuple[str, ...]
    group: str = ""
    codes: tuple[str, ...] = ()


def find_cameras(reading: Reading, whose: Whose, known: frozenset[str]) -> Iterator[Mention]:
    """Cameras with the mission that carries them.

    Args:
        reading: The text.
        whose: Which mission stands where.
        known: The missions the text may be about.
    """
    before: list[Mention] = []
    for index, written in _found(reading):
        start, end = _place(reading, index, written)
        phrase = _flown(whose, written, start)
        owners = _owners(phrase) & known
        mission = min(owners) if len(owners) == 1 else whose.of(start, end, owners.__contains__)
        if mission is None:
            continue
        found = list(_mentions(reading, mission, phrase, index))
        if _is_short_form(reading, before, found):
            again = dict.fromkeys(mention.target for mention in before)
            found = [reading.mention("instrument", target, start, end) for target in again]
        yield from found
        before = found


def _mentions(reading: Reading, mission: str, phrase: _Phrase, index: int) -> Iterator[Mention]:
    if phrase.group:
        yield from _of_group(reading, mission, phrase, index)
    for code in _carried(mission, phrase.codes):
        yield reading.mention("instrument", f"{mission}/{code}", *_place(reading, index, phrase))


def _is_short_form(reading: Reading, before: list[Mention], found: list[Mention]) -> bool:
    """Left Navigation Camera (Navcam): what stands in brackets is the same camera."""
    if not before or not found:
        return False
    between = reading.plain[before[-1].end : found[0].start]
    is_aside = between in {" (", ", or "}
    groups = [_group_of(mentions[0].target) for mentions in (before, found)]
    return is_aside and groups[0] == groups[1]


def _group_of(target: str) -> str:
    """The group of a camera or group that a link names."""
    mission, _, name = target.partition("/")
    return next((camera.group for camera in cameras(mission) if camera.code == name), name)


def camera_signs(reading: Reading, known: frozenset[str]) -> Iterator[Sign]:
    """Cameras that only one mission has hint at it."""
    for index, phrase in _found(reading):
        owners = _owners(phrase) & known
        if len(owners) == 1:
            start, end = _place(reading, index, phrase)
            yield Sign(start, end, next(iter(owners)), is_name=False)


def _found(reading: Reading) -> Iterator[tuple[int, _Phrase]]:
    """Names of cameras, the longest at each place, with the index of their first word."""
    after, phrases = 0, _phrases()
    for index, word in enumerate(reading.words):
        if index < after:
            continue
        for phrase in phrases.get(word.folded, ()):
            if reading.phrase(index, phrase.tokens) and _is_written_so(reading, index, phrase):
                yield index, phrase
                after = index + len(phrase.tokens)
                break


def _is_written_so(reading: Reading, index: int, phrase: _Phrase) -> bool:
    return all(
        token not in _ONLY_CAPITALS or reading.is_upper(index + n)
        for n, token in enumerate(phrase.tokens)
    )


def _flown(whose: Whose, phrase: _Phrase, start: int) -> _Phrase:
    """A "navigation camera" is the helicopter's if that stands before it."""
    sign = whose.craft_before(start)
    if sign is None or not sign.is_helicopter:
        return phrase
    code = _OF_HELICOPTER.get(phrase.tokens)
    return _Phrase(phrase.tokens, codes=(code,)) if code else phrase


def _of_group(reading: Reading, mission: str, phrase: _Phrase, index: int) -> Iterator[Mention]:
    """The group, or the one camera of it that the words about the name leave over."""
    group = _group(mission, phrase.group)
    words_before, words_after = _beside(reading, index, len(phrase.tokens))
    beside = [*words_before, *words_after]
    eyes = sorted({"left", "right"}.intersection(beside))
    ends = sorted({"front", "rear"}.intersection(beside))
    first, last = index - len(words_before), index + len(phrase.tokens) - 1 + len(words_after)
    targets = []
    for eye in eyes or [""]:
        left = [camera for camera in group if _is_side(camera, eye, ends)]
        targets.append(left[0].code if len(left) == 1 and len(group) > 1 else phrase.group)
    start, end = reading.words[first].start, reading.words[last].end
    for target in dict.fromkeys(targets):
        yield reading.mention("instrument", f"{mission}/{target}", start, end)


@cache
def _group(mission: str, group: str) -> tuple[Camera, ...]:
    return tuple(camera for camera in cameras(mission) if camera.group == group)


def _is_side(camera: Camera, eye: str, ends: list[str]) -> bool:
    words = frozenset(camera.name.casefold().split())
    return (not eye or eye in words) and (len(ends) != 1 or ends[0] in words)


def _beside(reading: Reading, index: int, count: int) -> tuple[list[str], list[str]]:
    """Words about a camera's side before and after its name."""
    before: list[str] = []
    at = index - 1
    while len(before) < _MOST_BESIDE and at >= 0 and reading.folded_at(at) in _BESIDE:
        if reading.gap(at) not in {" ", "-", "'", "\n"}:
            break
        before.insert(0, reading.folded_at(at))
        at -= 1
    while before and not _is_beside(before):
        del before[0]
    return before, _after(reading, index + count - 1)


def _is_beside(before: list[str]) -> bool:
    """Whether the words begin with a side: the left Navcam, right eye of Mastcam-Z."""
    if before[0] not in _SIDES:
        return False
    return "of" not in before or before[before.index("of") - 1] in {"eye", "eyes"}


def _after(reading: Reading, last: int) -> list[str]:
    """Navcam left; Mastcam-Z, left and right eye. Not: the Navcam right after."""
    words = [reading.folded_at(last + n) for n in range(1, 6)]
    if words[0] not in {"left", "right"} or reading.gap(last) not in {" ", ", ", " (", "-"}:
        return []
    if words[1] == "and" and words[2] in {"left", "right"}:
        return words[: 4 if words[3] in {"eye", "eyes"} else 3]
    if words[1] in {"eye", "eyes"}:
        return words[:2]
    follows = reading.gap(last + 1)
    stands_alone = follows[:1] in {",", ".", ";", ")", ":"} or words[1:3] == ["on", "sol"]
    return words[:1] if stands_alone and reading.gap(last) == " " else []


def _place(reading: Reading, index: int, phrase: _Phrase) -> tuple[int, int]:
    return reading.words[index].start, reading.words[index + len(phrase.tokens) - 1].end


@cache
def _owners(phrase: _Phrase) -> frozenset[str]:
    return frozenset(mission for mission in MISSIONS if _has(mission, phrase))


def _has(mission: str, phrase: _Phrase) -> bool:
    if phrase.codes:
        return bool(_carried(mission, phrase.codes))
    return bool(_group(mission, phrase.group))


@cache
def _carried(mission: str, codes: tuple[str, ...]) -> tuple[str, ...]:
    """Those of some cameras that a mission carries."""
    return tuple(camera.code for camera in cameras(mission) if camera.code in codes)


@cache
def _phrases() -> dict[str, tuple[_Phrase, ...]]:
    """Names by their first word, the longest first; each also in the plural."""
    named = [
        *(
            _Phrase(tokens, group=group)
            for group, names in _GROUPS.items()
            for tokens in _all(names)
        ),
        *(
            _Phrase(tokens, codes=tuple(codes.split()))
            for codes, names in _CAMERAS.items()
            for tokens in _all(names)
        ),
        *(_Phrase(tokens) for tokens in _OF_HELICOPTER if tokens[0] != "navigation"),
    ]
    by_first: dict[str, list[_Phrase]] = {}
    for phrase in sorted(named, key=lambda phrase: -len(phrase.tokens)):
        by_first.setdefault(phrase.tokens[0], []).append(phrase)
    return {first: tuple(phrases) for first, phrases in by_first.items()}


def _all(names: str) -> Iterable[tuple[str, ...]]:
    for name in names.split("|"):
        tokens = tuple(name.split())
        yield tokens
        yield (*tokens[:-1], tokens[-1] + "s")
