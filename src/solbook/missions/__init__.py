"""What is known of the missions: places, dates, clocks and cameras.

    >>> from solbook import missions
    >>> missions.mission("m2020").landing_site
    'Octavia E. Butler Landing, Jezero crater'
    >>> missions.camera("m2020", "NAVCAM_LEFT").name
    'Navcam left'

Every row carries its `source` and its `confidence`; `is_verified` tells whether all of it was seen
in its source. `photos_v1` holds what the retired Mars Rover Photos API knew.
"""

from solbook.missions import photos_v1
from solbook.missions.facts import (
    MISSIONS,
    VERIFIED,
    Camera,
    Mission,
    camera,
    cameras,
    mission,
    real_missions,
)

__all__ = [
    "MISSIONS",
    "VERIFIED",
    "Camera",
    "Mission",
    "camera",
    "cameras",
    "mission",
    "photos_v1",
    "real_missions",
]
