"""What a text speaks of: the rules one by one, any text at all, and how long it takes."""

from __future__ import annotations

import doctest
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solbook import missions
from solbook.records import find_mentions, mentions, missions_in_keywords
from solbook.records.mentions import cameras as camera_names
from solbook.records.mentions.reading import Reading


def links(text: str, *known: str) -> set[str]:
    return {f"{m.kind} {m.target}" for m in find_mentions(text, missions=known)}


def sols(text: str, *known: str) -> list[str]:
    return [m.target for m in find_mentions(text, missions=known) if m.kind == "sol"]


def flights(text: str, *known: str) -> list[str]:
    return [m.target for m in find_mentions(text, missions=known) if m.kind == "flight"]


def dates(text: str) -> list[str]:
    return [m.target for m in find_mentions(text) if m.kind == "date"]


def instruments(text: str, *known: str) -> list[str]:
    return [m.target for m in find_mentions(text, missions=known) if m.kind == "instrument"]


def crafts(text: str, *known: str) -> list[str]:
    return [m.words for m in find_mentions(text, missions=known) if m.kind == "mission"]


def events(text: str, *known: str) -> list[str]:
    return [m.target for m in find_mentions(text, missions=known) if m.kind == "event"]


def test_the_example_of_the_package_is_true() -> None:
    assert doctest.testmod(mentions).failed == 0
    assert doctest.testmod(mentions).attempted >= 3


def test_a_mention_says_where_its_words_stand() -> None:
    text = "“Séítah” from the air: Ingenuity\u2019s 9th flight"
    found = find_mentions(text)
    assert [(m.kind, m.target, m.words) for m in found] == [
        ("place", "m2020/seitah", "Séítah"),
        ("mission", "m2020", "Ingenuity"),
        ("flight", "m2020/9", "9th flight"),
    ]
    assert all(m.words == text[m.start : m.end] for m in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sol 257", ["257"]),
        ("Sol 1,198", ["1198"]),
        ("Sol 0004", ["4"]),
        ("sol-12 frames", ["12"]),
        ("sols 4 and 5", ["4", "5"]),
        ("sols 4, 5, and 7", ["4", "5", "7"]),
        ("sols 100-102", ["100", "101", "102"]),
        ("sols 100 \u2013 102", ["100", "101", "102"]),
        ("sols 100 through 102", ["100", "101", "102"]),
        ("sol 100-102", ["100", "101", "102"]),
        ("sols 100-400", ["100", "400"]),
        ("sols 1,198 and 1,200", ["1198", "1200"]),
        ("sols 15 to 17, 6-8 March", ["15", "16", "17"]),
        ("the 257th sol", ["257"]),
        ("the 1,000th Martian day, or sol, of the mission", ["1000"]),
        ("the hundredth sol", ["100"]),
        ("Martian day 12", ["12"]),
        ("the rover has worked for 257 sols", []),
        ("the ninth sol", []),
        ("sol 3.75", []),
        ("a sol-gel", []),
        ("Costa del Sol 2021", []),
        ("solar 12", []),
        ("sol 12345", []),
        ("sol 12a", []),
        ("Sols 5-3", ["5"]),
    ],
)
def test_ways_to_say_a_sol(text: str, expected: list[str]) -> None:
    assert sols(text, "m2020") == [f"m2020/{sol}" for sol in expected]


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("The view on sol 12.", (), []),
        ("The view on sol 12.", ("spirit", "opportunity"), []),
        ("Spirit and Opportunity on sol 12 of their rover missions", (), []),
        ("Curiosity's rover wheels on sol 12", (), ["msl/12"]),
        ("On sol 12, the Curiosity rover met no one; Perseverance had landed.", (), ["msl/12"]),
        ("NASA's Perseverance rover, sol 12 of the Curiosity mission", (), ["msl/12"]),
        ("Like NASA's Curiosity before it, the rover drove. On sol 12 it stopped.", (), ["msl/12"]),
        ("Like NASA's Curiosity, the rover drove. On sol 12 it stopped.", ("m2020",), ["m2020/12"]),
        ("InSight and, on sol 4000, Curiosity", (), ["msl/4000"]),
        ("NASA's InSight lander on sol 4000", (), []),
        ("The Phoenix lander dug on sol 4.", (), []),
        ("Phoenix dug on its sol 4, unlike Perseverance", (), []),
        ("Jezero Crater on sol 12", (), ["m2020/12"]),
        ("MAHLI on sol 12", (), ["msl/12"]),
        ("NASA's Spirit rover, sol 0", (), []),
    ],
)
def test_whose_sol_it_is(text: str, known: tuple[str, ...], expected: list[str]) -> None:
    assert sols(text, *known) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ingenuity's flight 13", ["13"]),
        ("Ingenuity Does It Again on Flight Four", ["4"]),
        ("After Ingenuity's flight one day passed", []),
        ("Flight No. 13 of Ingenuity", ["13"]),
        ("Ingenuity on its thirteenth flight", ["13"]),
        ("the helicopter's 13th flight", ["13"]),
        ("Ingenuity's sixth and seventh flights", ["6", "7"]),
        ("the rotorcraft's flights 6-8", ["6", "7", "8"]),
        ("Ingenuity's 72nd and final flight", ["72"]),
        ("Ingenuity, thirty-first flight", ["31"]),
        ("the helicopter's first powered, controlled flight", ["1"]),
        ("Ingenuity's 73rd flight", []),
        ("Ingenuity has made 50 flights", []),
        ("the Wright brothers' first flight and Ingenuity", []),
        ("Ingenuity, and the first flight of the Space Launch System", []),
        ("the third flight of ASPIRE tested a parachute for Mars 2020", []),
        ("United Flight 13 was late, said the team of NASA's Ingenuity", []),
    ],
)
def test_ways_to_say_a_flight(text: str, expected: list[str]) -> None:
    assert flights(text) == [f"m2020/{number}" for number in expected]


def test_a_flight_without_a_helicopter_is_none() -> None:
    assert flights("Flight 13 from Houston") == []
    assert flights("Flight 13", "m2020") == ["m2020/13"]
    assert flights("Flight 13", "msl") == []


def test_the_first_flight_is_an_event_as_well() -> None:
    assert "event m2020/first-flight" in links("Ingenuity's first flight")
    assert "event m2020/first-flight" not in links("Ingenuity's flight 2")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nov. 9, 2021", ["2021-11-09"]),
        ("November 9, 2021", ["2021-11-09"]),
        ("Nov 9 2021", ["2021-11-09"]),
        ("9 November 2021", ["2021-11-09"]),
        ("the 9th of November, 2021", ["2021-11-09"]),
        ("2021-11-09", ["2021-11-09"]),
        ("2021-11-09T18:00:00Z", ["2021-11-09"]),
        ("November 9th, 2021", ["2021-11-09"]),
        ("Nov. 9-11, 2021", ["2021-11-09", "2021-11-10", "2021-11-11"]),
        ("Nov. 9 and 11, 2021", ["2021-11-09", "2021-11-11"]),
        ("between Nov. 9 and 11, 2021", ["2021-11-09", "2021-11-10", "2021-11-11"]),
        ("Nov. 30 to Dec. 1, 2021", ["2021-11-30", "2021-12-01"]),
        ("30 November - 1 December 2021", ["2021-11-30", "2021-12-01"]),
        ("June 1 to June 30, 2021", ["2021-06-01", "2021-06-30"]),
        ("Feb. 18", []),
        ("February 2021", []),
        ("Feb. 30, 2021", []),
        ("March 4, 1789", []),
        ("11/9/2021", []),
        ("12021-11-09", []),
        ("Nov. 11-9, 2021", []),
    ],
)
def test_ways_to_say_a_day(text: str, expected: list[str]) -> None:
    assert dates(text) == expected


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("the left Navcam", "m2020", ["NAVCAM_LEFT"]),
        ("the Navcam's left eye", "m2020", ["Navcam"]),
        ("the left eye of the Navigation Camera", "m2020", ["NAVCAM_LEFT"]),
        ("Navcam left on sol 4", "m2020", ["NAVCAM_LEFT"]),
        ("left and right Navcams", "m2020", ["NAVCAM_LEFT", "NAVCAM_RIGHT"]),
        ("the Navcam right after landing", "m2020", ["Navcam"]),
        ("the left Navcam", "msl", ["Navcam"]),
        ("Left Navigation Camera (Navcam)", "m2020", ["NAVCAM_LEFT", "NAVCAM_LEFT"]),
        ("the rear left hazard avoidance camera", "m2020", ["REAR_HAZCAM_LEFT"]),
        ("the front Hazcam", "opportunity", ["FHAZ"]),
        ("Hazcams", "msl", ["Hazcam"]),
        ("the CacheCam", "m2020", ["CACHECAM"]),
        ("Instrument Deployment Camera", "insight", ["IDC"]),
        ("Mastcam", "msl", ["Mastcam"]),
        ("Mastcam\u2011Z", "m2020", ["Mastcam-Z"]),
        ("Pancam", "m2020", []),
        ("the helicopter's navigation camera", "m2020", ["HELI_NAV"]),
        ("Ingenuity's high-resolution color camera", "m2020", ["HELI_RTE"]),
        ("the Remote Micro-Imager", "m2020", ["SUPERCAM_RMI"]),
        ("the Remote Micro-Imager", "msl", ["CHEMCAM_RMI"]),
        ("Watson and Sherlock", "m2020", []),
        ("Front Hazcam left on sol 0", "rehearsal", ["FRONT_HAZCAM_LEFT_A"]),
    ],
)
def test_cameras_by_their_names(text: str, known: str, expected: list[str]) -> None:
    assert instruments(text, known) == [f"{known}/{target}" for target in expected]


def test_a_camera_that_only_one_mission_has_needs_no_mission_beside_it() -> None:
    assert instruments("MAHLI, SHERLOC and the IDC") == [
        "msl/MAHLI",
        "m2020/SHERLOC",
        "insight/IDC",
    ]
    assert instruments("Navcam") == []
    assert instruments("A Pancam of Spirit and Opportunity") == []


def test_every_camera_that_is_linked_is_in_the_table() -> None:
    groups = {camera.group for known in missions.MISSIONS for camera in missions.cameras(known)}
    codes = {camera.code for known in missions.MISSIONS for camera in missions.cameras(known)}
    assert set(camera_names._GROUPS) <= groups
    assert {code for names in camera_names._CAMERAS for code in names.split()} <= codes
    assert set(camera_names._OF_HELICOPTER.values()) <= codes


@pytest.mark.parametrize(
    "text",
    [
        "Curiosity killed the cat on Mars",
        "In the spirit of Mars exploration",
        "The Spirit of Mars",
        "Opportunity to name a rover",
        "An Announcement of Opportunity for Mars",
        "Insight into Mars",
        "Perseverance is what a Mars engineer needs",
        "Perseverance Valley on Mars",
        "An Opportunity Zone near the rover plant",
        "Their ingenuity got the rover to Mars",
        "the Holy Spirit and the rover",
        "A cat named Curiosity",
        "Elevation 300 meters MSL on Mars",
        "A Mars helicopters study",
    ],
)
def test_words_that_look_like_names(text: str) -> None:
    assert crafts(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Curiosity drilled a rock", ["Curiosity"]),
        ("NASA's Opportunity", ["Opportunity"]),
        ("Insight lander", ["Insight"]),
        ("Rover tracks of Spirit and Opportunity", ["Spirit", "Opportunity"]),
        ("A rock that Curiosity studied", ["Curiosity"]),
        ("The Mars Helicopter Ingenuity", ["Mars Helicopter", "Ingenuity"]),
        ("Mars 2020's rover", ["Mars 2020"]),
        ("the Spirit team at JPL", ["Spirit"]),
        ("Perseverance\u2019s Mastcam-Z", ["Perseverance"]),
    ],
)
def test_names_of_rovers(text: str, words: list[str]) -> None:
    assert crafts(text) == words


def test_what_the_sheet_knows_decides_of_a_first_word() -> None:
    assert crafts("Opportunity Far Afield") == []
    assert crafts("Opportunity Far Afield", "opportunity") == ["Opportunity"]
    assert crafts("Opportunity to Come", "opportunity") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NASA's Perseverance rover landed", ["m2020/landing"]),
        ("Spirit and Opportunity landed as rovers do", ["opportunity/landing", "spirit/landing"]),
        ("the landing site of NASA's Perseverance rover", []),
        ("Ingenuity landed at Airfield B", []),
        ("Octavia E. Butler Landing", []),
        ("NASA's Perseverance rover prepares for landing humans on Mars", []),
        ("NASA's InSight lifts off", ["insight/launch"]),
        ("NASA launched a contest to name the Perseverance rover", []),
        ("the launch pad of NASA's InSight", []),
        ("Perseverance's rock core, the first rock core", ["m2020/first-core"]),
        ("Curiosity's first drive as a rover", []),
        ("Marsquake S1222a, felt by InSight", ["insight/s1222a"]),
        ("Zhurong landed; Perseverance did, too", []),
        ("NASA's InSight: the mission before was launched in 2011", []),
    ],
)
def test_what_happened(text: str, expected: list[str]) -> None:
    assert events(text) == expected


def test_a_landing_in_a_long_talk_needs_its_mission_in_the_sentence() -> None:
    talk = "The Curiosity rover is on Mars. " + "We talk about landing. " * 300
    assert events(talk) == []
    assert events(talk + "Curiosity made its landing in 2012.") == ["msl/landing"]


def test_names_that_mean_more_than_one_thing_need_their_mission() -> None:
    assert links("Three Forks, Montana") == set()
    assert links("Three Forks, reached by NASA's Perseverance") >= {"place m2020/three-forks"}
    assert links("A Malay drum", "m2020") == set()
    assert links("the core Malay", "m2020") == {"sample m2020/malay"}
    assert links("the core malay", "m2020") == set()
    assert links("Montdenier") == {"sample m2020/montdenier"}
    assert links("jezero crater") == set()
    assert links("Ha\u2019ahoni and Ch\u2019al outcrop", "m2020") == {
        "sample m2020/haahoni",
        "place m2020/chal-outcrop",
    }


FRAME = "NLF_0257_0689755431_123ECM_N0080000NCAM00500_01_295J"


@pytest.mark.parametrize(
    "around", ["{}01", "{}", "{}01.png", "Mars_Perseverance_{}01.PNG", "({}01)"]
)
def test_a_frame_is_linked_without_its_version(around: str) -> None:
    assert links(around.format(FRAME)) == {f"frame m2020/{FRAME}"}
    assert links(around.format(FRAME), "rehearsal") == {f"frame rehearsal/{FRAME}"}


def test_ids_of_releases_and_tubes() -> None:
    assert links("PIA24546, pia24547, PIA22832_MarCO") == {
        "release PIA24546",
        "release PIA24547",
        "release PIA22832",
    }
    assert links("PIA2454, PIA245467, XPIA24546") == set()
    assert links("tube M2020-164-2") == {"sample m2020/roubion"}
    assert links("REHEARSAL-R0012") == {"release REHEARSAL-R0012"}


def test_a_rehearsal_has_sols_and_flights_of_its_own() -> None:
    credit = "Image Credit: Solbook rehearsal (simulated)"
    text = f"The helicopter hovers. Flight 1 on sol 12: 61.3 seconds. {credit}"
    assert links(text) == {"flight rehearsal/1", "sol rehearsal/12", "mission rehearsal"}
    assert links("Eberswalde crater seen from orbit") == set()
    assert links("A launch rehearsal on sol 12") == set()


def test_nothing_of_a_rehearsal_is_linked_to_a_real_mission() -> None:
    text = f"Taken by the Mars Helicopter Color Camera on sol 7 of Jezero; frame {FRAME}01."
    for found in (links(text, "rehearsal"), links(f"{text} Credit: Solbook rehearsal (simulated)")):
        assert found - {"mission rehearsal"} == {
            "instrument rehearsal/HELI_RTE",
            "sol rehearsal/7",
            f"frame rehearsal/{FRAME}",
        }


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        (["Mars", "Perseverance", "Mars 2020", "Jezero Crater"], ("m2020",)),
        (["Mars Science Laboratory MSL"], ("msl",)),
        (["Curiosity", "InSight", "Spirit"], ("msl", "insight", "spirit")),
        (["Mars Helicopter"], ("m2020",)),
        (["Mars Exploration Rover MER"], ()),
        (["curiosity", "team spirit", "opportunity"], ()),
        (["Mars", "Phoenix"], ()),
        (["Mars", "Rehearsal", "Simulated"], ("rehearsal",)),
        (["Launch", "Rehearsal"], ()),
        ([], ()),
    ],
)
def test_missions_that_keywords_name(keywords: list[str], expected: tuple[str, ...]) -> None:
    assert missions_in_keywords(keywords) == expected


def test_unknown_missions_of_a_sheet_are_passed_over() -> None:
    assert sols("sol 12", "beagle2", "m2020") == ["m2020/12"]


PIECES = st.sampled_from(
    "Perseverance|Curiosity's |Spirit and Opportunity|InSight|sol |sols 4, 5-9|Flight 13|first |"
    "flight|Nov. 9-11, 2021|2021-11-09|landing|launched |Navcam|left eye of the |Malay|Sid|rock|"
    "PIA24546|M2020-164-2|NLF_0257_0689755431_123ECM_N0080000NCAM00500_01_295J01|1,000th |"
    "Martian day|helicopter|navigation camera|Three Forks|\u2019|. |\n\n|, |-|—|İ|ß|é|\u0301|\x00|"
    "9999|NASA's |sky|Mars 2020|rehearsal".split("|")
)


@given(
    st.text(max_size=200)
    | st.lists(PIECES, max_size=25).map(" ".join)
    | st.lists(PIECES).map("".join)
)
def test_any_text_gives_mentions_whose_words_stand_in_it(text: str) -> None:
    for known in ((), ("m2020",), ("rehearsal",), ("spirit", "msl")):
        found = find_mentions(text, missions=known)
        assert [m.start for m in found] == sorted(m.start for m in found)
        for mention in found:
            assert mention.words == text[mention.start : mention.end] != ""
            mission = mention.target.partition("/")[0]
            assert mention.kind in {"date", "release"} or mission in missions.MISSIONS


@given(st.text(max_size=300))
def test_folding_keeps_every_place(text: str) -> None:
    reading = Reading(text)
    assert len(reading.plain) == len(reading.folded) == len(text)


@given(st.sampled_from(missions.flights("m2020")), st.sampled_from(missions.places("m2020")))
def test_every_flight_and_place_is_found(flight: missions.Flight, place: missions.Place) -> None:
    text = f"On flight {flight.number}, Ingenuity saw the rock {place.name} on sol {flight.sol}."
    expected = {f"flight m2020/{flight.number}", f"sol m2020/{flight.sol}"}
    assert expected | {f"place m2020/{place.id}"} <= links(text)


HOSTILE = [
    "a",
    "A",
    " ",
    ". ",
    "\n",
    "1",
    "1,111,",
    "sols 1, ",
    "first and ",
    "first powered controlled ",
    "may 1 and ",
    "Curiosity ",
    "Curiosity's ",
    "Spirit landed. ",
    "Spirit and Opportunity ",
    "Curiosity and Spirit sol 1 Navcam ",
    "left right eye of the ",
    "navigation camera ",
    f"{FRAME}01",
    "é\u2019—İ",
]


def cpu_s(text: str) -> float:
    """The processor time it takes to find what a text mentions; the better of two."""

    def once() -> float:
        began = time.process_time()
        find_mentions(text, missions=("m2020", "spirit"))
        return time.process_time() - began

    return min(once(), once())


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_work_grows_with_the_length_and_not_faster(piece: str) -> None:
    """Four times the text takes about four times as long; twelve would be nearly its square."""
    times = 20_000 // len(piece)
    assert cpu_s(piece * times * 4) < 9 * cpu_s(piece * times) + 0.05


def test_a_megabyte_of_hostile_text_takes_seconds() -> None:
    piece = "".join(HOSTILE)
    began = time.process_time()
    find_mentions(piece * (1_000_000 // len(piece)), missions=("m2020", "spirit"))
    assert time.process_time() - began < 20
