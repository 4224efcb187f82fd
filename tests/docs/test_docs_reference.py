"""What exists must be documented: settings, commands, sources, routes, pages, tables."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from fastapi.routing import APIRoute
from typer.main import get_command

from solbook.archive import Archive, schema, state
from solbook.cli import app
from solbook.settings import Settings
from solbook.sources import SOURCES

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
COMMANDS: dict[str, Any] = get_command(app).commands  # type: ignore[attr-defined]

# Its default has the version in it.
NO_FIXED_DEFAULT = {"user_agent"}


def text_of(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def row_of(text: str, first: str) -> str:
    """The row of a Markdown table whose first cell has this code in it; empty if none has."""
    found = [line for line in text.splitlines() if line.startswith("|") and first in cell(line)]
    return found[0] if found else ""


def cell(line: str) -> str:
    return line.split("|")[1]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_setting_is_documented(name: str) -> None:
    row = row_of(text_of("settings.md"), f"`{name}`")
    assert row, f"docs/settings.md has no row for {name}"
    assert f"`SOLBOOK_{name.upper()}`" in row
    field = Settings.model_fields[name]
    if name not in NO_FIXED_DEFAULT:
        assert f"`{json.dumps(field.default)}`" in row
    for choice in get_args(field.annotation):
        if isinstance(choice, str):
            assert f"`{choice}`" in row


def test_no_documented_setting_is_gone() -> None:
    rows = re.findall(r"^\| `([a-z0-9_]+)` \|", text_of("settings.md"), re.MULTILINE)
    assert sorted(rows) == sorted(Settings.model_fields)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_documented(name: str) -> None:
    page = text_of(f"commands/{name}.md")
    assert page.startswith(f"# solbook {name}\n")
    assert "## Exit codes" in page
    assert "```console" in page
    for param in COMMANDS[name].params:
        words = (
            [*param.opts, *param.secondary_opts]
            if param.param_type_name == "option"
            else [param.name.upper()]
        )
        for word in words:
            assert word in page, f"docs/commands/{name}.md does not name {word}"
    assert f"commands/{name}.md" in text_of("index.md")


def test_the_options_before_the_command_are_documented() -> None:
    page = text_of("commands/init.md")
    for param in get_command(app).params:
        for word in param.opts:
            assert f"`{word}`" in page


def test_no_documented_command_or_option_is_gone() -> None:
    assert {path.stem for path in (DOCS / "commands").glob("*.md")} == set(COMMANDS)
    known = {"--help", "--archive", "--version", "-a"}
    for name, command in COMMANDS.items():
        options = {word for p in command.params for word in (*p.opts, *p.secondary_opts)}
        # A page may show how another command goes on from there.
        others = rf"solbook (-a \S+ )?(?!{name}\b)[a-z]+ .*"
        page = re.sub(others, "", text_of(f"commands/{name}.md"))
        named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", page))
        assert named <= options | known, f"docs/commands/{name}.md names an option that is gone"


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_is_documented(name: str) -> None:
    assert row_of(text_of("commands/ingest.md"), f"`{name}`")
    assert f"`{name}`" in text_of("index.md")
    assert row_of(text_of("time.md"), f"`{name}`"), "docs/time.md does not say where times are from"


def test_every_route_of_the_apis_is_documented(archive: Archive) -> None:
    from solbook.site.app import create_app

    paths = create_app(archive).openapi()["paths"]
    assert paths
    documented = text_of("api.md") + text_of("photos-v1.md")
    for path, methods in paths.items():
        row = row_of(documented, f"`{path}`")
        assert row, f"neither docs/api.md nor docs/photos-v1.md has a row for {path}"
        page = text_of("photos-v1.md" if path.startswith("/api/v1/") else "api.md")
        for method in methods.values():
            for parameter in method.get("parameters", []):
                if parameter["in"] == "query":
                    name = parameter["name"]
                    assert f"`{name}" in page, f"the parameter {name} of {path} is not documented"


def test_no_documented_route_of_the_apis_is_gone(archive: Archive) -> None:
    from solbook.site.app import create_app

    paths = create_app(archive).openapi()["paths"]
    for page in ("api.md", "photos-v1.md"):
        for path in re.findall(r"^\| `(/[^`]+)` \|", text_of(page), re.MULTILINE):
            assert path in paths, f"docs/{page} documents {path}, which does not exist"


def page_paths() -> Iterator[str]:
    """The addresses of the pages for people."""
    from solbook.site import pages

    for module in pkgutil.iter_modules(pages.__path__):
        router = getattr(importlib.import_module(f"{pages.__name__}.{module.name}"), "router", None)
        for route in getattr(router, "routes", ()):
            if isinstance(route, APIRoute) and "GET" in (route.methods or ()):
                yield route.path


def test_every_page_is_documented() -> None:
    documented = text_of("commands/serve.md")
    paths = [path for path in page_paths() if not path.startswith("/static/")]
    assert paths
    for path in paths:
        assert row_of(documented, f"`{path}`"), f"docs/commands/serve.md has no row for {path}"


@pytest.mark.parametrize("name", [*schema.METADATA.tables, *state.METADATA.tables])
def test_a_table_of_the_archive_is_documented(name: str) -> None:
    assert row_of(text_of("archive.md"), f"`{name}`")


def test_columns_named_as_filters_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    facet = text.partition("## A facet")[2].partition("So the work")[0]
    named = facet.partition("schema.py`:")[2]
    columns = re.findall(r"`([a-z_0-9]+)`", named)
    assert columns
    assert set(columns) <= set(schema.ITEMS.columns.keys())
