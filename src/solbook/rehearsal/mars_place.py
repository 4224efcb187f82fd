"""Where places of the ground frame are on Mars.

The landing point lies on the IAU's sphere (IAU_2015:49900, 3,396,190 m, areocentric); the ground
frame is the plane that touches it there. So longitude, latitude and radius of a place are those of
its vector from the middle of the sphere, exactly, and heights over the plane fall behind those over
the sphere by 15 cm at 1 km.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solbook.clock import Site
from solbook.clock.site import EQUATORIAL_RADIUS_KM, POLAR_RADIUS_KM
from solbook.rehearsal.exposures import Vector

SPHERE_M = 3_396_190.0
"""Radius of the sphere of IAU_2015:49900."""


@dataclass(frozen=True)
class MarsPlace:
    """A place on Mars.

    Attributes:
        lon_e_deg: East longitude, 0 to 360.
        lat_deg: Areocentric latitude.
        radius_m: From the middle of Mars.
    """

    lon_e_deg: float
    lat_deg: float
    radius_m: float

    @property
    def elevation_m(self) -> float:
        """Over the sphere."""
        return self.radius_m - SPHERE_M

    def easting_northing_m(self, true_lat_deg: float) -> tuple[float, float]:
        """In the equirectangular projection that is true to scale at a latitude."""
        across = np.cos(np.radians(true_lat_deg))
        return (
            float(SPHERE_M * np.radians(self.lon_e_deg) * across),
            float(SPHERE_M * np.radians(self.lat_deg)),
        )


def areocentric_deg(site: Site) -> float:
    """A site's latitude as seen from the middle of Mars; a `Site` keeps that of its normal."""
    ratio = (EQUATORIAL_RADIUS_KM / POLAR_RADIUS_KM) ** 2
    lat = np.radians(site.lat_deg)
    return round(float(np.degrees(np.arctan2(np.sin(lat), ratio * np.cos(lat)))), 9)


def mars_place(position_m: Vector, landing_lon_e_deg: float, landing_lat_deg: float) -> MarsPlace:
    """Where a place of the ground frame is.

    Args:
        position_m: North, east, down.
        landing_lon_e_deg: East longitude of the landing point.
        landing_lat_deg: Its areocentric latitude.
    """
    lon, lat = np.radians([landing_lon_e_deg, landing_lat_deg])
    north_m, east_m, down_m = position_m
    # In the meridian of the landing point: away from the axis, and along it; and eastwards.
    outward_m = (SPHERE_M - down_m) * np.cos(lat) - north_m * np.sin(lat)
    along_m = (SPHERE_M - down_m) * np.sin(lat) + north_m * np.cos(lat)
    across_m = np.hypot(outward_m, east_m)
    return MarsPlace(
        float(np.degrees(lon + np.arctan2(east_m, outward_m)) % 360),
        float(np.degrees(np.arctan2(along_m, across_m))),
        float(np.hypot(across_m, along_m)),
    )
