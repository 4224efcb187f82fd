"""What things are made of, and how light they are."""

from __future__ import annotations

import numpy as np

SAND, BASALT, PALE_ROCK, WHITE_PAINT, ALUMINIUM, BLACK, WHEEL, GOLD, GREY, COPPER = range(10)
"""Materials of the ground, the rocks and the machines."""

# Reflectances in red, green and blue. Ground and rocks: of the order of the Pathfinder and MER
# soils and rocks (Bell et al. 2000, 2006: bright soil 0.3, 0.15, 0.06; dark 0.15, 0.11, 0.07).
ALBEDO = np.array(
    [
        [0.300, 0.183, 0.096],
        [0.150, 0.117, 0.090],
        [0.300, 0.215, 0.140],
        [0.620, 0.590, 0.545],
        [0.470, 0.460, 0.450],
        [0.060, 0.058, 0.058],
        [0.270, 0.255, 0.240],
        [0.480, 0.360, 0.170],
        [0.230, 0.225, 0.220],
        [0.400, 0.240, 0.150],
    ]
)
DUST = np.array([0.345, 0.205, 0.100])
"""Reflectance of the dust that settles on all that faces up."""
