"""Convex solids: rocks, the rover, the helicopter; each is where some half-spaces overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MOST_FACES = 20
"""Faces a solid can have."""
UNUSED_M = 1e3
"""Where the others stand: no solid is as large."""


@dataclass(frozen=True, eq=False)
class Solids:
    """Some convex solids.

    Attributes:
        faces: Shape (n, MOST_FACES, 4): outward unit normal and distance from the solid's centre,
            m; those not used come last, at a distance of `UNUSED_M`.
        centre_m: Shape (n, 3).
        radius_m: Shape (n,): of the sphere around the centre that holds the solid.
        material: Shape (n,), int64: what it is made of.
        shade: Shape (n,): how light it is, 1 as its material.
        rough: Shape (n,): how uneven its faces look, 0 for machined metal.
    """

    faces: Floats
    centre_m: Floats
    radius_m: Floats
    material: NDArray[np.int64]
    shade: Floats
    rough: Floats

    def __len__(self) -> int:
        return len(self.radius_m)

    def those(self, chosen: NDArray[np.bool_]) -> Solids:
        """Some of them."""
        return Solids(
            self.faces[chosen],
            self.centre_m[chosen],
            self.radius_m[chosen],
            self.material[chosen],
            self.shade[chosen],
            self.rough[chosen],
        )

    def moved(self, rotation: Floats, translation_m: Floats) -> Solids:
        """The same solids in another frame: turned, then moved."""
        faces = self.faces.copy()
        faces[:, :, :3] = self.faces[:, :, :3] @ rotation.T
        return Solids(
            faces,
            self.centre_m @ rotation.T + translation_m,
            self.radius_m,
            self.material,
            self.shade,
            self.rough,
        )

    @staticmethod
    def together(parts: Sequence[Solids]) -> Solids:
        """All of several."""
        return Solids(
            np.concatenate([part.faces for part in parts]),
            np.concatenate([part.centre_m for part in parts]),
            np.concatenate([part.radius_m for part in parts]),
            np.concatenate([part.material for part in parts]),
            np.concatenate([part.shade for part in parts]),
            np.concatenate([part.rough for part in parts]),
        )


def solid(
    normals: Floats, distances_m: Floats, centre_m: Sequence[float], radius_m: float, material: int
) -> Solids:
    """One solid of some faces.

    Args:
        normals: Shape (k, 3), outward; made unit here.
        distances_m: Shape (k,): of the faces from the centre, as the normals are given.
        centre_m: Where it is.
        radius_m: Of the sphere around it.
        material: What it is made of.
    """
    lengths = np.linalg.norm(normals, axis=1)
    faces = np.zeros((1, MOST_FACES, 4))
    faces[:, :, 3] = UNUSED_M
    faces[0, : len(normals), :3] = normals / lengths[:, None]
    faces[0, : len(normals), 3] = distances_m / lengths
    return Solids(
        faces,
        np.array([centre_m], dtype=float),
        np.array([radius_m], dtype=float),
        np.array([material]),
        np.ones(1),
        np.zeros(1),
    )


def box(
    centre_m: Sequence[float],
    size_m: Sequence[float],
    material: int,
    rotation: Floats | None = None,
    bevel_m: float = 0.0,
) -> Solids:
    """A box with its sides along the axes, or turned; with edges taken off along its third axis.

    Args:
        centre_m: Its middle.
        size_m: Its sides.
        material: What it is made of.
        rotation: Shape (3, 3): turns it about its middle.
        bevel_m: How much of the upright edges is cut off.
    """
    half = np.asarray(size_m, float) / 2
    normals = [axis * side for axis in np.eye(3) for side in (1.0, -1.0)]
    distances = [half[k] for k in range(3) for _ in (1, -1)]
    if bevel_m:
        for x in (1.0, -1.0):
            for y in (1.0, -1.0):
                normals.append(np.array([x, y, 0.0]))
                distances.append(half[0] + half[1] - bevel_m)
    turned = np.array(normals) if rotation is None else np.array(normals) @ rotation.T
    return solid(turned, np.array(distances), centre_m, float(np.linalg.norm(half)), material)


def cylinder(
    centre_m: Sequence[float],
    axis: Sequence[float],
    length_m: float,
    radius_m: float,
    material: int,
    sides: int = 16,
) -> Solids:
    """A prism of many sides that stands for a cylinder."""
    along = np.asarray(axis, float) / np.linalg.norm(axis)
    across = np.cross(along, [1.0, 0.0, 0.0] if abs(along[0]) < 0.9 else [0.0, 1.0, 0.0])
    across /= np.linalg.norm(across)
    other = np.cross(along, across)
    angles = 2 * np.pi * np.arange(sides) / sides
    round_ = np.cos(angles)[:, None] * across + np.sin(angles)[:, None] * other
    normals = np.concatenate([round_, [along, -along]])
    distances = np.concatenate([np.full(sides, radius_m), [length_m / 2, length_m / 2]])
    reach = float(np.hypot(length_m / 2, radius_m * 1.02))
    return solid(normals, distances, centre_m, reach, material)
