"""Which capitalised words name a mission: Curiosity is a rover, and what drives its makers.

Five missions and a helicopter have the names of common words. Such a word is taken for the name by
what stands beside it; where nothing does, by its capital letter within a sentence; at the start of
one, where any word has it, only if the name is known from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from solbook.records.mentions.reading import Reading, Word
from solbook.records.mentions.whose import OTHER_CRAFT, OTHER_LANDER, Sign

_NAMES = {
    "perseverance": "m2020",
    "ingenuity": "m2020",
    "curiosity": "msl",
    "insight": "insight",
    "spirit": "spirit",
    "opportunity": "opportunity",
}
# What is never anything else. Longer phrases stand first.
_PHRASES = {
    ("mars", "science", "laboratory"): "msl",
    ("mars", "exploration", "rover", "a"): "spirit",
    ("mars", "exploration", "rover", "b"): "opportunity",
    ("mars", "2020"): "m2020",
    ("mars", "helicopter"): "m2020",
    ("mer", "a"): "spirit",
    ("mer", "b"): "opportunity",
    ("solbook", "rehearsal"): "rehearsal",
    ("mars2020",): "m2020",
    ("m2020",): "m2020",
    ("msl",): "msl",
}
_FIRST_OF_PHRASES = frozenset(tokens[0] for tokens in _PHRASES)
_OTHERS = {
    OTHER_LANDER: "phoenix pathfinder sojourner viking zhurong tianwen beagle schiaparelli apollo "
    "surveyor chandrayaan zhurong",
    OTHER_CRAFT: "artemis orion aspire voyager juno cassini maven odyssey mro marco psyche sls "
    "dragonfly exomars hubble landsat",
}
_OTHER = {word: kind for kind, words in _OTHERS.items() for word in words.split()}
_HELICOPTER = frozenset(["helicopter", "rotorcraft"])

_CRAFT = frozenset("rover lander helicopter rotorcraft spacecraft mission".split())
_OF_CRAFT = frozenset(["team", "teams", "launch"])
# Names of other things that begin with the word: a valley, a bank, an airline.
_OTHER_NAMES = frozenset(
    "valley mound hill hills ridge point lake bay falls zone zones fund center centre award prize "
    "airlines airport stadium school bank street park institute foundation ledge lodge cove "
    "scholarship challenge stream day halloween award crater canyon".split()
)
_NOT_AFTER = frozenset(
    "holy human team fighting christmas olympic equal job funding golden american pioneer "
    "community free indomitable career business photo".split()
)
_NOT_BEFORE = {
    "spirit": frozenset(["of"]),
    "opportunity": frozenset("to for of knocks".split()),
    "insight": frozenset("into on from about".split()),
    "curiosity": frozenset(["about"]),
}
_IDIOMS = frozenset("announcement window land age spirit equality".split())
# What a sentence about the virtue goes on with.
_DOUBTFUL_BEFORE = frozenset("is in pays of and or kills killed about as for".split())
_DOES = frozenset(
    "landed touched drove driven drilled captured photographed imaged acquired snapped took taken "
    "filmed flew flown hovered roved rolled launched lifted recorded viewed sees saw seen looked "
    "spotted spots captures snaps watched abraded collected sampled found climbed parked used "
    "arrived explored studied examined ascended traversed zapped rose".split()
)
_HAS = frozenset(
    "camera cameras navcam navcams hazcam hazcams mastcam pancam mahli chemcam supercam sherloc "
    "watson pixl imager panorama panoramic mast arm wheel wheels deck drill parachute shield "
    "backshell shadow tracks traverse landing landed launch sol sols view views selfie portrait "
    "rotor blades flight flights airfield seismometer mole microphone tube tubes sample samples "
    "laser first heat descent crater rover team navigation hazard".split()
)
# Without one of these a text is not about Mars, and no word in it is a rover.
_FIELD = frozenset(
    "mars martian sol sols rover rovers crater jezero gusev meridiani elysium navcam navcams "
    "hazcam hazcams mastcam pancam lander helicopter rotorcraft mahli chemcam supercam sherloc "
    "watson rock outcrop pixl regolith nasa jpl airfield tube tubes core cores sample samples "
    "depot dunes spherules sunset panorama bedrock moxie rimfax seis rems apxs flight "
    "flights parachute backshell spacecraft touchdown touched panoramas".split()
)
# One of these, and a title's first word is the rover rather than the virtue.
_OF_ROVERS = frozenset(
    "martian sol sols rover rovers jezero gusev meridiani elysium navcam navcams hazcam hazcams "
    "mastcam pancam lander rotorcraft mahli chemcam supercam sherloc pixl regolith".split()
)


def find_crafts(reading: Reading, known: Sequence[str], hints: Iterable[Sign]) -> list[Sign]:
    """What names a mission, and other craft, which have sols and flights of their own.

    Args:
        reading: The text.
        known: Missions that are known from elsewhere.
        hints: Signs that are no names, such as places.

    Returns:
        The signs, in the order of the text.
    """
    found: list[Sign] = []
    doubtful: list[int] = []
    sure: set[str] = set()
    names = [
        index
        for index, word in enumerate(reading.words)
        if word.folded in _NAMES and not _is_in_file_name(reading, word)
    ]
    is_of_mars = (
        bool(known)
        or any(True for _ in hints)
        or bool(reading.present & _FIELD)
        or any(_is_beside_craft(reading, name) for name in names)
    )
    for index in names:
        verdict = _judged(reading, index, is_of_mars=is_of_mars)
        if verdict:
            sure.add(reading.folded_at(index))
            found.append(_named(reading, index))
        elif verdict is None:
            doubtful.append(index)
    found.extend(
        _named(reading, index)
        for index in doubtful
        if _is_likely(reading, index, sure, frozenset(known))
    )
    found.extend(_phrases_and_others(reading))
    return sorted(found, key=lambda sign: sign.start)


def find_helicopters(reading: Reading, mission: str) -> Iterator[Sign]:
    """The words "helicopter" and "rotorcraft", which hint at the mission that has one."""
    for word in reading.words:
        if word.folded in _HELICOPTER:
            yield Sign(word.start, word.end, mission, is_helicopter=True, is_name=False)


def _is_in_file_name(reading: Reading, word: Word) -> bool:
    """Whether an underscore holds a word fast, as in Mars_Perseverance_NLF_0257."""
    return (
        "_"
        in reading.plain[max(word.start - 1, 0) : word.start]
        + (reading.plain[word.end : word.end + 1])
    )


def _phrases_and_others(reading: Reading) -> Iterator[Sign]:
    """Names of several words, and craft that are none of ours."""
    for index, word in enumerate(reading.words):
        if word.folded in _FIRST_OF_PHRASES:
            yield from _phrases(reading, index)
        elif word.folded in _OTHER and reading.is_capital(index):
            yield Sign(word.start, word.end, _OTHER[word.folded])


def _named(reading: Reading, index: int) -> Sign:
    word = reading.words[index]
    return Sign(word.start, word.end, _NAMES[word.folded], is_helicopter=word.folded == "ingenuity")


def _phrases(reading: Reading, index: int) -> Iterator[Sign]:
    for tokens, mission in _PHRASES.items():
        if reading.phrase(index, tokens) and _is_whole(reading, index, tokens):
            start, end = reading.words[index].start, reading.words[index + len(tokens) - 1].end
            yield Sign(start, end, mission, is_helicopter=tokens[-1] == "helicopter")
            return


def _is_whole(reading: Reading, index: int, tokens: tuple[str, ...]) -> bool:
    """Whether a phrase is not the beginning of something else, and written as a name is."""
    before, word = reading.folded_at(index - 1), reading.words[index]
    match tokens:
        case ("msl",):  # above mean sea level
            is_whole = reading.is_upper(index) and not before.isdigit()
            is_whole &= before not in {"feet", "meters", "metres", "m", "ft", "above"}
        case ("m2020",):  # not of the designation of a tube, nor of a file name
            around = reading.plain[max(word.start - 1, 0) : word.start]
            around += reading.plain[word.end : word.end + 1]
            is_whole = not {"-", "_"} & set(around)
        case ("mars", "helicopter"):
            is_whole = before not in {"a", "another", "future", "next"}
        case ("mars", "2020"):
            is_whole = "-" not in reading.gap(index) + reading.gap(index + 1)[:1]
        case ("mer", _):
            is_whole = reading.is_upper(index) and reading.gap(index) in {"-", " "}
        case _:
            is_whole = True
    return is_whole and reading.is_capital(index)


def _judged(reading: Reading, index: int, *, is_of_mars: bool) -> bool | None:
    """Whether a word is the name, by its neighbours; `None` if they do not tell."""
    word = reading.words[index]
    if reading.plain[word.start : word.end] == "InSight":
        return True
    if not reading.is_capital(index) or _is_other(reading, index):
        return False
    if _is_beside_craft(reading, index):
        return True
    if not is_of_mars:
        return False
    acts = word.folded != "insight" and _acts(reading, index)
    return True if acts or _is_beside_sibling(reading, index) else None


def _is_other(reading: Reading, index: int) -> bool:
    """Whether the word is part of a figure of speech or of another name."""
    word, after = reading.folded_at(index), reading.folded_at(index + 1)
    joined = reading.are_joined(index, 2)
    if joined and reading.gap(index) == " ":
        if after in _NOT_BEFORE.get(word, ()):
            return True
        if after in _OTHER_NAMES and reading.is_capital(index + 1):
            return True
    if not reading.are_joined(index - 1, 2):
        return False
    before = reading.folded_at(index - 1)
    idiom = before == "of" and reading.folded_at(index - 2) in _IDIOMS
    return before in _NOT_AFTER or idiom


def _is_beside_craft(reading: Reading, index: int) -> bool:
    """NASA's Curiosity, the rover Curiosity, the Curiosity Mars rover."""
    if not reading.is_capital(index):
        return False
    if reading.are_joined(index, 2) and "'" not in reading.gap(index):
        after = reading.folded_at(index + 1)
        if (
            after in _CRAFT
            or after in _OF_CRAFT
            or (after == "mars" and reading.folded_at(index + 2) in _CRAFT)
        ):
            return True
    before = reading.folded_at(index - 1)
    if not reading.are_joined(index - 1, 2):
        return False
    return (
        before in _CRAFT - {"mission"}
        or before == "nasa"
        or (before == "s" and reading.folded_at(index - 2) == "nasa")
    )


def _is_beside_sibling(reading: Reading, index: int) -> bool:
    """Spirit and Opportunity; Curiosity, Spirit."""
    for step in (1, -1):
        near, far = index + step, index + 2 * step
        if reading.folded_at(near) in {"and", "or"} and _is_capital_name(reading, far):
            return True
        if _is_capital_name(reading, near) and reading.gap(min(index, near)) in {", ", "/", " & "}:
            return True
    return False


def _is_capital_name(reading: Reading, index: int) -> bool:
    return reading.folded_at(index) in _NAMES and reading.is_capital(index)


def _acts(reading: Reading, index: int) -> bool:
    """Curiosity drilled, Curiosity has drilled; Curiosity's wheels."""
    near = [reading.folded_at(n) for n in range(index + 1, index + 5)]
    if reading.gap(index) == "'":
        return near[0] == "s" and any(word in _HAS for word in near[1:])
    if reading.gap(index) != " ":
        return False
    return near[0] in _DOES or (near[0] in {"has", "had", "was"} and near[1] in _DOES)


def _is_likely(reading: Reading, index: int, sure: set[str], known: frozenset[str]) -> bool:
    """Whether a word is the name although its neighbours do not tell."""
    word = reading.folded_at(index)
    if word == "insight":  # the lander writes itself otherwise
        return word in sure and not reading.begins_segment(index)
    doubtful = reading.gap(index) == " " and reading.folded_at(index + 1) in _DOUBTFUL_BEFORE
    if reading.begins_segment(index) or reading.is_title(index):
        if doubtful and word not in sure:
            return False
        if word in sure or _NAMES[word] in known:
            return True
        nearby = reading.sentence_words(reading.words[index].start)
        return bool(nearby & _FIELD or reading.present & _OF_ROVERS)
    # Within a sentence a capital is a name's; that of two words may be somebody else's.
    before_is_name = reading.is_capital(index - 1) and reading.gap(index - 1) == " "
    return not before_is_name or reading.begins_segment(index - 1)


def missions_in_keywords(keywords: Iterable[str]) -> tuple[str, ...]:
    """The missions that the keywords beside a text name, to be handed to `find_mentions`.

    Args:
        keywords: As the sheet has them, such as "Perseverance" or "Mars Science Laboratory MSL";
            "Rehearsal" counts only beside "Simulated": real launches are rehearsed, too.

    Returns:
        Mission ids, each once, in the order of the keywords. "Mars Exploration Rover" is none: it
        may be either of two.
    """
    found: list[str] = []
    words = list(keywords)
    for keyword in words:
        reading = Reading(keyword)
        if len(reading.words) == 1 and _is_capital_name(reading, 0):
            found.append(_NAMES[reading.words[0].folded])
        else:
            found.extend(sign.mission for sign in find_crafts(reading, (), ()))
    if {"rehearsal", "simulated"} <= {word.casefold() for word in words}:
        found.append("rehearsal")
    return tuple(one for one in dict.fromkeys(found) if one not in {OTHER_CRAFT, OTHER_LANDER})
