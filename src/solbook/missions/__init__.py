"""What is known of the missions: dates, clocks, cameras, places, flights, samples, events.

    >>> from solbook import missions
    >>> missions.mission("m2020").landing_site
    'Octavia E. Butler Landing, Jezero crater'
    >>> missions.camera("m2020", "NAVCAM_LEFT").name
    'Navcam left'
    >>> missions.flight("m2020", 13).sol
    193
    >>> missions.place("m2020", "wright-brothers-field").lat_deg
    18.44486
    >>> missions.sample("m2020", "roubion").kind
    'Atmospheric'
    >>> missions.event("m2020", "landing").utc
    '2021-02-18T20:43:48.818'

Every row carries its `source` and its `confidence`; `is_verified` tells whether all of it was seen
in its source. `photos_v1` holds what the retired Mars Rover Photos API knew.
"""

from solbook.missions import photos_v1
from solbook.missions.events import Event, event, events
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
from solbook.missions.flights import Flight, flight, flights
from solbook.missions.names import Ambiguity
from solbook.missions.naming import name_of
from solbook.missions.places import Place, place, places
from solbook.missions.samples import Sample, depot, sample, samples

__all__ = [
    "MISSIONS",
    "VERIFIED",
    "Ambiguity",
    "Camera",
    "Event",
    "Flight",
    "Mission",
    "Place",
    "Sample",
    "camera",
    "cameras",
    "depot",
    "event",
    "events",
    "flight",
    "flights",
    "mission",
    "name_of",
    "photos_v1",
    "place",
    "places",
    "real_missions",
    "sample",
    "samples",
]
