"""A folder of pictures, films and stories: sheets, captions in files, bad rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import pyvips
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from solbook.archive import Archive, Tally
from solbook.archive.frames import assets_of
from solbook.archive.overview import quarantined
from solbook.archive.releases import ReleaseFilter, ReleaseRow, releases
from solbook.jobs import ingest
from solbook.jobs.ingest import IngestReport
from solbook.settings import Settings
from solbook.sources import source_named
from solbook.sources.embedded import embedded
from tests.catalogue import contents

MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(64)
XMP = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 photoshop:Credit="The Museum" photoshop:DateCreated="2021-11-10">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">In the File</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">What it shows.</rdf:li></rdf:Alt>
</dc:description>
<dc:subject><rdf:Bag><rdf:li>rock</rdf:li><rdf:li>sol 257</rdf:li></rdf:Bag></dc:subject>
</rdf:Description></rdf:RDF></x:xmpmeta>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "exhibition"
    made.mkdir()
    return made


def picture(path: Path, shade: int = 0) -> Path:
    (pyvips.Image.black(80, 60) + shade).cast("uchar").pngsave(str(path))
    return path


def sheet(folder: Path, *rows: dict[str, Any]) -> None:
    (folder / "captions.json").write_text(json.dumps(rows), "utf-8")


def read_in(archive: Archive, folder: Path) -> tuple[IngestReport, dict[str, ReleaseRow]]:
    report = ingest(archive, source_named("folder"), str(folder))
    with archive.reading() as connection:
        found = releases(connection, ReleaseFilter(), limit=100)
    return report, {release.title: release for release in found}


def reasons(archive: Archive) -> list[str]:
    with archive.reading() as connection:
        return sorted(row.reason for row in quarantined(connection, 100))


def test_a_row_says_everything_of_its_file(archive: Archive, folder: Path) -> None:
    picture(folder / "sunset.png")
    row = {
        "file": "sunset.png",
        "title": "Sunset",
        "date": "2021-11",
        "credit": "City Observatory",
        "caption": "First.\n\nSecond.",
        "type": "Illustration",
        "keywords": "dusk; blue",
        "missions": "Perseverance",
        "location": "Jezero",
        "alt": "A blue sunset",
        "url": "https://example.org/sunset",
    }
    sheet(folder, row)
    report, found = read_in(archive, folder)
    assert report.tally == Tally(read=1, new=1)
    assert report.files.attached == 1
    release = found["Sunset"]
    assert release.id == "folder/exhibition.sunset"
    assert (release.dated, release.media_type) == ("2021-11", "illustration")
    assert (release.credit, release.credit_source) == ("City Observatory", "stated")
    assert release.caption == "First.\n\nSecond."
    assert release.keyword_list == ("dusk", "blue")
    assert release.mission_list == ("m2020",)
    assert (release.location, release.alt) == ("Jezero", "A blue sunset")
    assert release.page_url == "https://example.org/sunset"
    assert release.flag_list == ()


def test_the_same_folder_again_changes_nothing(archive: Archive, folder: Path) -> None:
    picture(folder / "a.png")
    sheet(folder, {"file": "a.png", "title": "A", "credit": "Us"})
    read_in(archive, folder)
    before = contents(archive)
    report, _ = read_in(archive, folder)
    assert report.tally == Tally(read=1, unchanged=1)
    assert contents(archive) == before


def test_csv_with_semicolons_in_the_letters_of_office_programs(
    archive: Archive, folder: Path
) -> None:
    picture(folder / "a.png")
    text = "File;Title;Credit\na.png;Mus\xe9e;Ren\xe9e\n"
    (folder / "sheet.csv").write_bytes(text.encode("cp1252"))
    _, found = read_in(archive, folder)
    assert found["Musée"].credit == "Renée"


def test_toml_has_a_table_for_each_row(archive: Archive, folder: Path) -> None:
    picture(folder / "a.png")
    (folder / "sheet.toml").write_text('[[item]]\nfile = "a.png"\ntitle = "A"\ndate = 2021-11-10\n')
    _, found = read_in(archive, folder)
    assert found["A"].dated == "2021-11-10"


def test_without_a_sheet_files_speak_for_themselves(archive: Archive, folder: Path) -> None:
    image = Image.new("RGB", (80, 60))
    exif = image.getexif()
    exif[0x010E], exif[0x013B] = "From EXIF", "A Photographer"
    exif[0x8769] = {0x9003: "2021:11:09 16:31:00", 0x9011: "-08:00"}
    image.save(folder / "exif_only.jpg", exif=exif)
    pyvips_image = pyvips.Image.black(80, 60).copy()
    pyvips_image.set_type(pyvips.GValue.blob_type, "xmp-data", XMP)
    pyvips_image.jpegsave(str(folder / "xmp.jpg"))
    _, found = read_in(archive, folder)
    by_exif = found["exif only"]
    assert (by_exif.caption, by_exif.credit) == ("From EXIF", "A Photographer")
    assert by_exif.dated == "2021-11-10T00:31:00Z"
    assert by_exif.flag_list == ("no title is given; this one is made of the file's name",)
    by_xmp = found["In the File"]
    assert (by_xmp.caption, by_xmp.credit) == ("What it shows.", "The Museum")
    assert by_xmp.dated == "2021-11-10"
    assert by_xmp.keyword_list == ("rock", "sol 257")


@settings(max_examples=150, deadline=None)
@given(damage=st.lists(st.tuples(st.floats(0, 0.999), st.binary(min_size=1, max_size=4))))
def test_no_damage_to_a_file_s_own_words_stops_the_folder(
    tmp_path_factory: pytest.TempPathFactory, damage: list[tuple[float, bytes]]
) -> None:
    image = pyvips.Image.black(8, 8).copy()
    image.set_type(pyvips.GValue.blob_type, "xmp-data", XMP)
    image.set_type(pyvips.GValue.gstr_type, "exif-ifd0-ImageDescription", "Words")
    body = bytearray(image.jpegsave_buffer())
    for place, other in damage:
        at = int(place * len(body))
        body[at : at + len(other)] = other
    path = tmp_path_factory.mktemp("damaged") / "a.jpg"
    path.write_bytes(body)
    embedded(path)


def test_a_film_has_its_poster_and_its_captions(archive: Archive, folder: Path) -> None:
    (folder / "film.mp4").write_bytes(MP4)
    picture(folder / "film.png")
    (folder / "film.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nWords\n")
    report, found = read_in(archive, folder)
    assert report.tally.new == 1
    release = found["film"]
    assert release.media_type == "video"
    with archive.reading() as connection:
        stored = {a.role: a.media_type for a in assets_of(connection, release.key)}
    assert stored == {"full": "image/png", "video": "video/mp4", "captions": "text/vtt"}


def test_stories_have_their_text_in_the_sheet_or_in_a_file(archive: Archive, folder: Path) -> None:
    (folder / "told.html").write_text("<p>Told <script>x</script><em>here</em>.</p>")
    sheet(
        folder,
        {"title": "In the sheet", "body": "One < two.\n\nThree.", "date": "2021"},
        {"title": "In a file", "file": "told.html"},
    )
    _, found = read_in(archive, folder)
    assert found["In the sheet"].body == "<p>One &lt; two.</p><p>Three.</p>"
    assert found["In the sheet"].kind == "article"
    assert found["In a file"].body == "<p>Told <em>here</em>.</p>"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"file": "none.png", "title": "T"}, "The file is not there."),
        ({"file": "../../outside.png", "title": "T"}, "The file is not in the folder."),
        ({"file": "a.png", "date": "13th of May"}, "The date cannot be read."),
        ({"file": "a.png", "type": "hologram"}, "The type is unknown."),
        ({"file": "a.png", "missions": "Apollo"}, "The mission is unknown."),
        ({"file": "a.png", "url": "javascript:alert(1)"}, "The url is no web address."),
        ({"title": "Nothing else"}, "The row names no file and has no text."),
        ({"caption": "Only words"}, "The row has no title."),
        (["a.png"], "The row is not an object."),
    ],
)
def test_a_bad_row_is_named_and_the_rest_is_kept(
    archive: Archive, folder: Path, row: Any, reason: str
) -> None:
    picture(folder / "a.png")
    picture(folder / "b.png", 9)
    sheet(folder, {"file": "b.png", "title": "B"}, row)
    report, found = read_in(archive, folder)
    assert report.tally.quarantined == 1
    assert "B" in found
    assert reasons(archive) == [f"captions.json, row 2: {reason}"]


def test_a_row_with_too_many_cells_is_named(archive: Archive, folder: Path) -> None:
    picture(folder / "a.png")
    (folder / "sheet.csv").write_text("file,title\na.png,One, two, three\n")
    read_in(archive, folder)
    assert reasons(archive) == [
        "sheet.csv, row 1: The row has more cells than the sheet has columns."
    ]


@pytest.mark.parametrize("name", ["sheet.json", "sheet.toml"])
def test_a_sheet_that_cannot_be_read_is_named(archive: Archive, folder: Path, name: str) -> None:
    picture(folder / "a.png")
    (folder / name).write_text("{ no sheet")
    _, found = read_in(archive, folder)
    assert "a" in found
    assert reasons(archive)[0].startswith(f"{name}: The sheet {name} cannot be read.")


def test_a_file_that_is_no_picture_is_said_and_its_words_are_kept(
    archive: Archive, folder: Path
) -> None:
    (folder / "a.png").write_text("not a picture")
    report, found = read_in(archive, folder)
    assert [path.name for path, _ in report.files.unusable] == ["a.png"]
    assert "a" in found


def test_files_of_one_name_in_two_folders_are_two(archive: Archive, folder: Path) -> None:
    (folder / "sub").mkdir()
    picture(folder / "a.png")
    picture(folder / "sub" / "a.png", 9)
    report, _ = read_in(archive, folder)
    assert report.tally == Tally(read=2, new=2)


def test_two_rows_with_one_id_are_a_mistake(archive: Archive, folder: Path) -> None:
    picture(folder / "a.png")
    picture(folder / "b.png", 9)
    sheet(
        folder,
        {"file": "a.png", "id": "x", "title": "A"},
        {"file": "b.png", "id": "x", "title": "B"},
    )
    read_in(archive, folder)
    assert reasons(archive) == ["captions.json, row 2: Another row has this id."]


def test_a_sheet_larger_than_a_page_may_be_is_refused(tmp_path: Path, folder: Path) -> None:
    archive = Archive.create(tmp_path / "archive", Settings(network=False, max_page_bytes=100))
    (folder / "sheet.csv").write_text("file,title\n" + "x,y\n" * 100)
    read_in(archive, folder)
    assert "too large" in reasons(archive)[0]
    archive.close()
