"""Films, sounds and captions as bytes: what they are, by the bytes they begin with."""

from __future__ import annotations

import re
from typing import NamedTuple


class NotMedia(Exception):
    """Bytes that are no film, sound or track of captions of a known format."""


class Media(NamedTuple):
    """What some bytes are."""

    media_type: str
    extension: str


_KINDS = (
    (re.compile(rb"....ftypM4A", re.DOTALL), Media("audio/mp4", "m4a")),
    (re.compile(rb"....ftyp", re.DOTALL), Media("video/mp4", "mp4")),
    (re.compile(rb"\x1aE\xdf\xa3.{0,64}webm", re.DOTALL), Media("video/webm", "webm")),
    (re.compile(rb"ID3|\xff[\xfb\xf3\xf2]"), Media("audio/mpeg", "mp3")),
    (re.compile(rb"OggS"), Media("audio/ogg", "ogg")),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), Media("audio/wav", "wav")),
    (re.compile(rb"(?:\xef\xbb\xbf)?WEBVTT(?=[ \t\r\n])"), Media("text/vtt", "vtt")),
)


def identify_media(body: bytes) -> Media:
    """What some bytes are.

    Raises:
        NotMedia: They are of no format that browsers play.
    """
    for magic, media in _KINDS:
        if magic.match(body):
            return media
    raise NotMedia("no MP4, WebM, MP3, M4A, Ogg, WAV or WebVTT")
