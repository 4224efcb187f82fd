"""The commands as people and scripts run them: real processes, their words and exit codes."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from solbook import __version__
from tests.conftest import free_port, run_solbook, wait_until_up
from tests.upstream import Asked, json_answer, upstream

NAME = "NLF_0075_0673599062_946ECM_N0032430NCAM00500_01_295J"
# What a progress bar or a colour would be written with.
CONTROL = re.compile(r"[\x1b\r]")


@pytest.fixture
def archive_path(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.fixture(scope="module")
def m2020(shared_data: Path) -> Path:
    return shared_data / "data/01_m2020_feed"


@pytest.fixture(scope="module")
def page(m2020: Path) -> Path:
    """A page of 100 records that states a total of 10,508."""
    return m2020 / "sample_rss_response_sol23_24_100.json"


def succeeded(done: subprocess.CompletedProcess[str], code: int = 0) -> str:
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert not CONTROL.search(done.stdout + done.stderr)
    return done.stdout


def explained(done: subprocess.CompletedProcess[str]) -> str:
    """An error says what is wrong, what was found, what was expected and what to do."""
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert lines[0].startswith("error ")
    for label in ("found", "expected", "help"):
        assert any(line.startswith(f"  {label}: ") for line in lines), done.stderr
    return done.stderr


# --- init, version, help -----------------------------------------------------------------------


def test_the_module_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "solbook", "--version"], capture_output=True, text=True, check=False
    )
    assert succeeded(done) == f"solbook {__version__}\n"


def test_init_makes_an_archive_and_a_second_one_keeps_it(archive_path: Path) -> None:
    said = succeeded(run_solbook("init", archive=archive_path))
    assert said == f"{archive_path} is an archive.\n"
    settings = archive_path / "solbook.toml"
    settings.write_text("network = false\n")
    succeeded(run_solbook("init", archive=archive_path))
    assert settings.read_text() == "network = false\n"


@pytest.mark.parametrize(
    "words",
    [("fly",), ("ingest", "m2020"), ("serve", "--port", "0")],
)
def test_a_wrong_command_line_is_exit_2_and_leaves_nothing(
    archive_path: Path, words: tuple[str, ...]
) -> None:
    done = run_solbook(*words, archive=archive_path)
    assert done.returncode == 2
    assert "Usage" in done.stderr
    assert not archive_path.exists()


def test_bad_settings_are_explained(archive_path: Path) -> None:
    succeeded(run_solbook("init", archive=archive_path))
    (archive_path / "solbook.toml").write_text("netwrok = true\n")
    assert "netwrok" in explained(run_solbook("status", archive=archive_path))


# --- ingest and status -------------------------------------------------------------------------


def test_ingest_says_what_became_of_the_records(
    archive_path: Path, page: Path, m2020: Path
) -> None:
    said = succeeded(run_solbook("ingest", "m2020", str(page), archive=archive_path))
    assert "100 records stored" in said
    assert "the feed states 10,508" in said
    assert "unchanged 0 · quarantined 0" in said
    again = succeeded(run_solbook("ingest", "m2020", str(page), archive=archive_path))
    assert "new 0 · revised 0 · unchanged 100 · quarantined 0" in again


def test_ingest_in_json_is_for_programs(archive_path: Path, page: Path, shared_data: Path) -> None:
    sidecars = str(page.parent / "navcam_sidecars")
    pixels = str(shared_data / "data/03_pixels/m2020_navcam")
    done = run_solbook(
        "ingest", "m2020", str(page), sidecars, "--files", pixels, "--json", archive=archive_path
    )
    answer = json.loads(succeeded(done))
    assert [run["source"] for run in answer["runs"]] == ["m2020", "m2020"]
    assert answer["runs"][0]["tally"]["new"] + answer["runs"][0]["tally"]["unchanged"] == 100
    assert answer["runs"][0]["stated_total"] == 10508
    assert answer["runs"][1]["tally"]["new"] == 45
    assert (answer["pictures"]["attached"], answer["pictures"]["unmatched"]) == (32, [])

    status = json.loads(succeeded(run_solbook("status", "--json", archive=archive_path)))
    assert status["archive"] == str(archive_path)
    assert status["files"] == 32
    assert status["file_bytes"] == sum(path.stat().st_size for path in Path(pixels).glob("*.png"))
    assert [mission["mission"] for mission in status["missions"]] == ["m2020"]
    assert [run["state"] for run in status["runs"]] == ["complete", "partial"]


def test_status_in_words(archive_path: Path, page: Path) -> None:
    succeeded(run_solbook("init", archive=archive_path))
    assert "empty" in succeeded(run_solbook("status", archive=archive_path))
    run_solbook("ingest", "m2020", str(page), archive=archive_path)
    said = succeeded(run_solbook("status", archive=archive_path))
    assert re.search(r"m2020 +\d+ frames on 2 sols \(23 to 24\)", said)
    assert "100 records" in said


def test_status_of_no_archive_is_explained(archive_path: Path) -> None:
    said = explained(run_solbook("status", archive=archive_path))
    assert f"solbook -a {archive_path} init" in said
    assert not archive_path.exists()


def test_what_is_in_quarantine_is_exit_3_and_told_by_status(
    archive_path: Path, tmp_path: Path, page: Path
) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "page.json").write_bytes(page.read_bytes())
    (folder / "bad.json").write_text("<html>504</html>")
    done = run_solbook("ingest", "m2020", str(folder), archive=archive_path)
    assert "quarantined 1" in succeeded(done, 3)
    said = succeeded(run_solbook("status", archive=archive_path))
    assert "bad.json: The page is HTML, not JSON." in said


def test_a_feed_that_gives_less_than_it_states_is_exit_3(archive_path: Path, page: Path) -> None:
    images = json.loads(page.read_text())["images"]

    def script(asked: Asked) -> Any:
        if asked.query["page"] != "0":
            return json_answer({"error_message": "No more images."})
        return json_answer({"images": images, "total_results": 300})

    with upstream(script) as feed:
        done = run_solbook(
            "ingest", "m2020", f"{feed.url}/?page=0", archive=archive_path, SOLBOOK_NETWORK="true"
        )
    assert "100 records stored; the feed states 300" in succeeded(done, 3)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ingest", "pluto", "x.json"), "m2020, msl, insight, photos-v1"),
        (("ingest", "m2020", "no-such-file.json"), "no-such-file.json"),
        (("ingest", "m2020", "https://mars.nasa.gov/rss/api/?page=0"), "network is switched off"),
    ],
)
def test_what_cannot_be_read_is_exit_1_and_explained(
    archive_path: Path, words: tuple[str, ...], said: str
) -> None:
    assert said in explained(run_solbook(*words, archive=archive_path))
    # A slip in the command line leaves no archive behind.
    assert archive_path.exists() == (words[2].startswith("https:"))


def test_markup_in_a_path_is_printed_as_it_is(archive_path: Path) -> None:
    path = "[bold]no[/bold] [link=x].json"
    assert path in explained(run_solbook("ingest", "m2020", path, archive=archive_path))


def test_on_a_terminal_there_is_a_progress_bar(archive_path: Path, page: Path) -> None:
    """Elsewhere there is none, as every other test here sees to."""
    main, side = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "solbook", "-a", str(archive_path), "ingest", "m2020", str(page)],
        stdout=subprocess.PIPE,
        stderr=side,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "120", "SOLBOOK_NETWORK": "false"},
        check=False,
    )
    os.close(side)
    drawn = _read_all(main).decode()
    assert done.returncode == 0
    assert CONTROL.search(drawn)
    assert "100/10508" in drawn
    assert not CONTROL.search(done.stdout.decode())


def _read_all(handle: int) -> bytes:
    found = b""
    while True:
        try:
            part = os.read(handle, 65536)
        except OSError:  # Linux's way of saying that the other side is closed
            part = b""
        if not part:
            os.close(handle)
            return found
        found += part


# --- demo --------------------------------------------------------------------------------------


def test_demo_shows_every_recorded_frame(demo_archive: Path, shared_data: Path) -> None:
    status = json.loads(succeeded(run_solbook("status", "--json", archive=demo_archive)))
    records = {source["source"]: source["records"] for source in status["sources"]}
    # Two sols, a page, the sidecars, and what lies beside pictures.
    assert records["m2020"] >= 1196 + 100 + 45
    assert records["msl"] + records["insight"] == 3
    assert records["photos-v1"] > 900
    assert status["files"] >= 32
    assert sum(source["quarantined"] for source in status["sources"]) == 0


def test_demo_again_changes_nothing(shared_data: Path, archive_path: Path) -> None:
    words = ("demo", "--from", str(shared_data / "data/02_other_feeds"), "--no-network")
    words = (*words, "--no-rehearsal", "--no-serve")
    first = succeeded(run_solbook(*words, archive=archive_path))
    assert "new 2" in first
    again = succeeded(run_solbook(*words, archive=archive_path))
    assert "new 0 · revised 0 · unchanged 2" in again


def test_demo_of_nothing_still_makes_an_archive(archive_path: Path) -> None:
    words = ("demo", "--no-network", "--no-rehearsal", "--no-serve")
    succeeded(run_solbook(*words, archive=archive_path))
    assert "empty" in succeeded(run_solbook("status", archive=archive_path))


# --- serve -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small_archive(tmp_path_factory: pytest.TempPathFactory, page: Path) -> Path:
    path = tmp_path_factory.mktemp("serve") / "archive"
    succeeded(run_solbook("ingest", "m2020", str(page), archive=path))
    return path


@pytest.fixture
def serving(small_archive: Path) -> Iterator[Any]:
    """Starts `solbook serve`; gives the process and its address."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*words: str, command: str = "serve") -> tuple[subprocess.Popen[bytes], str]:
        port = free_port()
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "solbook", "-a", str(small_archive)),
                *(command, "--port", str(port), *words),
            ],
            env={**os.environ, "SOLBOOK_NETWORK": "false"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # A session of its own, so that nothing of it outlives the test.
            start_new_session=True,
        )
        started.append(process)
        url = f"http://127.0.0.1:{port}"
        wait_until_up(url, process)
        return process, url

    yield start
    for process in started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def ended(process: subprocess.Popen[bytes], by: signal.Signals) -> tuple[int, str, str]:
    process.send_signal(by)
    said, complained = process.communicate(timeout=20)
    return process.returncode, said.decode(), complained.decode()


def fetched(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as answer:
        body: bytes = answer.read()
        return body


@pytest.mark.parametrize(
    ("workers", "by", "codes"),
    [
        ("1", signal.SIGTERM, (0, -15)),
        ("1", signal.SIGINT, (0, 130)),
        ("2", signal.SIGTERM, (0, -15)),
    ],
)
def test_serve_answers_until_it_is_told_to_stop(
    serving: Any, workers: str, by: signal.Signals, codes: tuple[int, ...]
) -> None:
    process, url = serving("--workers", workers)
    for _ in range(8):
        assert fetched(f"{url}/").lower().startswith(b"<!doctype html>")
    assert json.loads(fetched(f"{url}/api/missions/m2020"))["sols"] == 2
    assert json.loads(fetched(f"{url}/api/v1/rovers/perseverance"))["rover"]["max_sol"] == 24
    code, said, complained = ended(process, by)
    assert code in codes
    assert f"Solbook is at {url}/" in said
    assert "Traceback" not in complained


def test_demo_serves_what_it_made(serving: Any) -> None:
    process, url = serving("--no-network", "--no-rehearsal", command="demo")
    assert json.loads(fetched(f"{url}/api/missions/m2020"))["sols"] == 2
    assert ended(process, signal.SIGTERM)[0] in (0, -15)


def test_frames_that_come_in_while_it_serves_are_seen(
    serving: Any, small_archive: Path, m2020: Path
) -> None:
    _, url = serving("--workers", "2")
    before = json.loads(fetched(f"{url}/api/missions/m2020"))["frames"]
    sidecar = str(m2020 / f"navcam_sidecars/{NAME}.json")
    succeeded(run_solbook("ingest", "m2020", sidecar, archive=small_archive))
    for _ in range(6):
        assert json.loads(fetched(f"{url}/api/missions/m2020"))["frames"] == before + 1
    assert NAME.encode() in fetched(f"{url}/frames/m2020/{NAME}")


def test_a_server_killed_leaves_a_sound_archive(serving: Any, small_archive: Path) -> None:
    process, url = serving()
    fetched(f"{url}/")
    process.kill()
    process.wait()
    succeeded(run_solbook("status", archive=small_archive))


def test_a_port_that_is_taken_is_explained(small_archive: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        began = time.monotonic()
        done = run_solbook("serve", "--port", str(port), archive=small_archive)
    assert done.returncode == 1
    assert f"Nothing can be served at 127.0.0.1:{port}." in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr
    assert time.monotonic() - began < 30


def test_a_demo_finds_a_taken_port_before_it_makes_anything(archive_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run_solbook("demo", "--no-network", "--port", str(port), archive=archive_path)
    assert f"Nothing can be served at 127.0.0.1:{port}." in explained(done)
    assert not archive_path.exists()


def test_an_address_of_another_machine_is_explained(small_archive: Path) -> None:
    done = run_solbook("serve", "--host", "192.0.2.1", archive=small_archive)
    assert done.returncode == 1
    assert "192.0.2.1" in done.stderr
    assert "Traceback" not in done.stderr


def test_serving_no_archive_is_explained(archive_path: Path) -> None:
    assert "is not a Solbook archive" in explained(run_solbook("serve", archive=archive_path))
