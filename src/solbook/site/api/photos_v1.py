"""A drop-in for the retired Mars Rover Photos API, under `/api/v1` and `/mars-photos/api/v1`.

Answers have exactly the keys, the order and the errors its clients knew; docs/photos-v1.md lists
the places where they differ on purpose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any

import orjson
import sqlalchemy as sa
from fastapi import APIRouter, Depends, Path, Request, Response

from solbook.archive import photo_queries as queries
from solbook.archive.photo_queries import ManifestDay, PhotoRow
from solbook.missions import photos_v1
from solbook.settings import Settings
from solbook.site.state import archive, use_connection, use_settings

PREFIXES = ("/api/v1", "/mars-photos/api/v1")
DEFAULT_PER_PAGE = 25

# The gateway counted an hour's requests; clients read these headers, one fails without the second.
# Solbook does not ration reading.
HEADERS = {
    "X-RateLimit-Limit": "1000000",
    "X-RateLimit-Remaining": "1000000",
    "Access-Control-Allow-Origin": "*",
}


def _fault(description: str, errors: str) -> dict[str, Any]:
    """What OpenAPI says of the API's historical shape of an error."""
    return {
        "description": description,
        "content": {"application/json": {"example": {"errors": errors}}},
    }


_ERRORS: dict[int | str, dict[str, Any]] = {
    400: _fault("No such rover, or no such date.", "Invalid Rover Name")
}
router = APIRouter(tags=["Mars Rover Photos API v1"])

Connection = Annotated[sa.Connection, Depends(use_connection)]
Keeper = Annotated[Settings, Depends(use_settings)]
Name = Annotated[
    str,
    Path(
        description="A rover's name, in any letter case.",
        json_schema_extra={"enum": [r.name.lower() for r in photos_v1.ROVERS.values()]},
    ),
]

_MEANINGS = {
    "sol": "Sol of the mission; a text counts as the number it begins with, or 0.",
    "earth_date": "Date by the API's convention, such as 2015-5-30.",
    "camera": "A camera's short name, in any letter case.",
    "page": "Page, from 1; without it everything comes.",
    "per_page": "Photos on a page; 25 if left out.",
}
_FORMS = {"earth_date": {"format": "date"}}
_OF_ANY_LIST = ("camera", "page", "per_page")


def _parameters(*names: str) -> dict[str, Any]:
    """What OpenAPI says of query parameters.

    The handlers read them as they come: nothing a client may send is an error, and checking
    five parameters would take FastAPI longer than answering.
    """
    return {
        "parameters": [
            {
                "name": name,
                "in": "query",
                "required": False,
                "description": _MEANINGS[name],
                "schema": {"type": "string"} | _FORMS.get(name, {}),
            }
            for name in names
        ]
    }


_LEADING_INTEGER = re.compile(r"\s*([+-]?[0-9]{1,18})")
_EARTH_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


@router.get("/rovers")
def rovers(db: Connection, keeper: Keeper) -> Response:
    """Every rover, with its totals and cameras."""
    return _answer({"rovers": [_rover(db, r, keeper) for r in photos_v1.ROVERS.values()]})


@router.get("/rovers/{name}", responses=_ERRORS)
def rover(name: Name, db: Connection, keeper: Keeper) -> Response:
    """One rover, with its totals and cameras."""
    found = photos_v1.rover(name)
    return _answer({"rover": _rover(db, found, keeper)}) if found else _invalid_rover()


@router.get(
    "/rovers/{name}/photos",
    openapi_extra=_parameters("sol", "earth_date", *_OF_ANY_LIST),
    responses=_ERRORS,
)
async def photos(name: Name, request: Request) -> Response:
    """The photos of a sol or of an Earth date; `sol` wins."""
    found = photos_v1.rover(name)
    if found is None:
        return _invalid_rover()
    sol = request.query_params.get("sol")
    earth_date = request.query_params.get("earth_date")
    sols: Iterable[int] = ()
    if sol is not None:
        sols = [_to_i(sol)] if sol.strip() else []
    elif earth_date:
        day = _date(earth_date)
        if day is None:
            return _error("Invalid Earth Date")
        sols = photos_v1.sols_of(found, day)
    keeper = archive(request)
    with keeper.reading() as db:
        rows = _photos(db, found, sols, request.query_params)
        return _answer({"photos": _photo_dicts(db, rows, found, keeper.settings)})


@router.get(
    "/rovers/{name}/latest_photos",
    openapi_extra=_parameters(*_OF_ANY_LIST),
    responses=_ERRORS,
)
async def latest_photos(name: Name, request: Request) -> Response:
    """The photos of the greatest sol of which photos are held."""
    found = photos_v1.rover(name)
    if found is None:
        return _invalid_rover()
    keeper = archive(request)
    with keeper.reading() as db:
        latest = queries.latest_photo_sol(db, found.id)
        rows = _photos(db, found, [] if latest is None else [latest], request.query_params)
        return _answer({"latest_photos": _photo_dicts(db, rows, found, keeper.settings)})


@router.get("/manifests/{name}", responses=_ERRORS)
def manifest(name: Name, db: Connection, keeper: Keeper) -> Response:
    """A rover's sols that have photos, with their totals and cameras."""
    found = photos_v1.rover(name)
    if found is None:
        return _invalid_rover()
    days = queries.manifest(db, found.id, stated=keeper.photos_v1_totals == "stated")
    stated = queries.stated_rover(db, found.id)
    return _answer(
        {
            "photo_manifest": {
                "name": found.name,
                "landing_date": found.landing_date.isoformat(),
                "launch_date": found.launch_date.isoformat(),
                "status": (stated.status if stated else None) or found.status,
                **_totals(found, days),
                "photos": [
                    {
                        "sol": day.sol,
                        "earth_date": photos_v1.earth_date(found, day.sol).isoformat(),
                        "total_photos": day.total_photos,
                        "cameras": day.cameras,
                    }
                    for day in days
                ],
            }
        }
    )


@router.get("/photos/{photo_id}", responses={404: _fault("No such photo.", "Not Found")})
def photo(photo_id: str, db: Connection, keeper: Keeper) -> Response:
    """One photo by its id."""
    row = queries.photo_by_id(db, _to_i(photo_id))
    rovers_by_id = {r.id: r for r in photos_v1.ROVERS.values()}
    if row is None or row.rover_id not in rovers_by_id:
        return _error("Not Found", status=404)
    found = rovers_by_id[row.rover_id]
    return _answer({"photo": _photo_dicts(db, [row], found, keeper)[0]})


def _photos(
    db: sa.Connection, rover: photos_v1.Rover, sols: Iterable[int], query: Mapping[str, str]
) -> list[PhotoRow]:
    """The photos of some sols (an Earth date has at most one), cut to a page if one is named."""
    limit, offset = _page(query.get("page"), query.get("per_page"))
    camera = query.get("camera") or None
    return [
        row
        for sol in sols
        for row in queries.photos_of_sol(
            db, rover.id, sol, camera=camera, limit=limit, offset=offset
        )
    ]


def _page(page: str | None, per_page: str | None) -> tuple[int, int]:
    """Limit and offset; without `page` everything comes and `per_page` has no effect."""
    if page is None:
        return -1, 0
    size = max(0, _to_i(per_page)) if per_page else DEFAULT_PER_PAGE
    size = min(size, 1 << 31)
    number = min(max(1, _to_i(page)), 1 << 31)
    return size, (number - 1) * size


def _photo_dicts(
    db: sa.Connection, rows: list[PhotoRow], rover: photos_v1.Rover, keeper: Settings
) -> list[dict[str, Any]]:
    if not rows:
        return []
    rover_of_photo = (
        _rover(db, rover, keeper)
        if keeper.photos_v1_rover == "full"
        else _rover_head(rover, rows[0].status)
    )
    cameras = {row.camera_id: _camera(row) for row in rows}
    dates = {sol: photos_v1.earth_date(rover, sol).isoformat() for sol in {r.sol for r in rows}}
    return [
        {
            "id": row.photo_id,
            "sol": row.sol,
            "camera": cameras[row.camera_id],
            "img_src": row.img_src,
            "earth_date": dates[row.sol],
            "rover": rover_of_photo,
        }
        for row in rows
    ]


def _camera(row: PhotoRow) -> dict[str, Any]:
    return {
        "id": row.camera_id,
        "name": row.camera_name,
        "rover_id": row.rover_id,
        "full_name": row.camera_full_name,
    }


def _rover_head(rover: photos_v1.Rover, status: str | None) -> dict[str, Any]:
    return {
        "id": rover.id,
        "name": rover.name,
        "landing_date": rover.landing_date.isoformat(),
        "launch_date": rover.launch_date.isoformat(),
        "status": status or rover.status,
    }


def _rover(db: sa.Connection, rover: photos_v1.Rover, keeper: Settings) -> dict[str, Any]:
    use_stated = keeper.photos_v1_totals == "stated"
    stated = queries.stated_rover(db, rover.id)
    totals = _totals(rover, queries.manifest(db, rover.id, stated=use_stated))
    # Answers about photos state a rover's totals, too; they may be newer than any manifest.
    if stated is not None and use_stated:
        if stated.max_sol > totals["max_sol"]:
            totals["max_sol"] = stated.max_sol
            totals["max_date"] = photos_v1.earth_date(rover, stated.max_sol).isoformat()
        totals["total_photos"] = max(totals["total_photos"], stated.total_photos)
    return {
        **_rover_head(rover, stated.status if stated else None),
        **totals,
        "cameras": [{"name": c.name, "full_name": c.full_name} for c in rover.cameras],
    }


def _totals(rover: photos_v1.Rover, days: list[ManifestDay]) -> dict[str, Any]:
    max_sol = days[-1].sol if days else 0
    return {
        "max_sol": max_sol,
        "max_date": photos_v1.earth_date(rover, max_sol).isoformat(),
        "total_photos": sum(day.total_photos for day in days),
    }


def _to_i(text: str) -> int:
    """The whole number a text begins with, 0 if it begins with none, as the old server read it."""
    match = _LEADING_INTEGER.match(text)
    return int(match[1]) if match else 0


def _date(text: str) -> date | None:
    match = _EARTH_DATE.fullmatch(text.strip())
    if match is None:
        return None
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        return None


def _answer(body: dict[str, Any], status: int = 200) -> Response:
    return Response(
        orjson.dumps(body), status_code=status, media_type="application/json", headers=HEADERS
    )


def _error(text: str, status: int = 400) -> Response:
    return _answer({"errors": text}, status)


def _invalid_rover() -> Response:
    return _error("Invalid Rover Name")
