"""Settings: an archive's `solbook.toml`, overridden by `SOLBOOK_…` in the environment."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from solbook import __version__
from solbook.errors import SolbookError

SETTINGS_FILE = "solbook.toml"


class Settings(BaseSettings):
    """Everything about an archive that a keeper may change; each has a sound default."""

    model_config = SettingsConfigDict(env_prefix="SOLBOOK_", extra="forbid")

    network: bool = Field(
        default=True, description="Whether anything may be fetched from upstreams."
    )
    user_agent: str = Field(
        default=f"Solbook/{__version__}", description="How Solbook names itself to upstreams."
    )
    timeout_s: float = Field(
        default=20.0, gt=0, description="Longest wait for one upstream answer."
    )
    max_page_bytes: int = Field(
        default=64 * 2**20, gt=0, description="Largest page of a feed that is read."
    )
    max_file_bytes: int = Field(
        default=128 * 2**20, gt=0, description="Largest picture that is fetched or attached."
    )
    max_picture_pixels: int = Field(
        default=500_000_000, gt=0, description="Largest picture that is decoded."
    )
    pyramid_above_pixels: int = Field(
        default=4_000_000, gt=0, description="Pictures with more pixels are tiled in layers first."
    )
    pyramid_timeout_s: float = Field(
        default=600.0, gt=0, description="Longest time the layers of one picture may take."
    )
    derived_pictures_bytes: int = Field(
        default=20 * 2**30, gt=0, description="Room on disk for pictures in other sizes."
    )
    derived_tiles_bytes: int = Field(
        default=2 * 2**30, gt=0, description="Room on disk for answers of the IIIF Image API."
    )
    iiif_max_pixels: int = Field(
        default=25_000_000, gt=0, description="Largest answer of the IIIF Image API."
    )
    iiif_memory_bytes: int = Field(
        default=32 * 2**20,
        ge=0,
        description="Memory of each process for answers of the IIIF Image API.",
    )
    file_hosts: tuple[str, ...] = Field(
        default=("mars.nasa.gov", "mars.jpl.nasa.gov", "images-assets.nasa.gov"),
        description="Hosts pictures may be fetched from.",
    )
    private_file_hosts: bool = Field(
        default=False,
        description="Whether a host of file_hosts may have a private or loopback address.",
    )
    retry_file_after_s: float = Field(
        default=3600.0, ge=0, description="How long a failed picture is left alone."
    )
    retry_host_after_s: float = Field(
        default=60.0, ge=0, description="How long an unreachable host is left alone."
    )
    photos_v1_rover: Literal["short", "full"] = Field(
        default="short",
        description="Keys of the rover inside a photo of the Photos API: 5 (short) or 9 (full).",
    )
    photos_v1_totals: Literal["stated", "held"] = Field(
        default="stated",
        description=(
            "Whether manifests of the Photos API count photos that imported answers"
            " state (stated) or only those held here (held)."
        ),
    )
    likes_per_network_minute: int = Field(
        default=30, ge=1, description="Likes taken from one network within any minute."
    )
    likes_per_network_day: int = Field(
        default=500, ge=1, description="Likes taken from one network on a UTC day."
    )
    likes_per_network_image_day: int = Field(
        default=50, ge=1, description="Likes of one image taken from one network on a UTC day."
    )
    trusted_proxies: tuple[str, ...] = Field(
        default=("127.0.0.1", "::1"),
        description="Addresses of proxies whose word on a client's address and scheme is taken.",
    )
    latest_frames: int = Field(default=48, gt=0, description="Frames on the home page.")
    frames_per_page: int = Field(
        default=200, gt=0, le=1000, description="Frames on one page of a camera's frames of a sol."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then the archive's file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(archive: Path) -> Settings:
    """The settings of an archive.

    Args:
        archive: The archive's folder; its `solbook.toml` may be missing.

    Raises:
        SolbookError: The file is not TOML, or names a setting that does not exist.
    """
    path = archive / SETTINGS_FILE

    class Here(Settings):
        model_config = SettingsConfigDict(toml_file=path)

    try:
        return Here()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValueError) as error:
        raise SolbookError(
            f"The settings of {archive} cannot be used.",
            code="bad_settings",
            found=_explained(error),
            expected="TOML lines such as `network = false`, named in docs/settings.md",
            help=f"Mend {path} or the SOLBOOK_ variables of the environment.",
        ) from error


def _explained(error: ValueError) -> str:
    """What is wrong with the settings, by their names."""
    if not isinstance(error, ValidationError):
        return str(error)
    return "; ".join(
        f"{'.'.join(map(str, each['loc']))}: "
        + ("there is no such setting" if each["type"] == "extra_forbidden" else each["msg"])
        for each in error.errors()
    )
