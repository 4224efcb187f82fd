"""A picture in a page of another site: how large its frame is, and the HTML to put there."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

_WIDTH_PX = 640
_MOST_HEIGHT_PX = 720
# Title, credit and link under the picture.
_WORDS_PX = 76
_USUAL_SIZE_PX = (4, 3)


@dataclass(frozen=True, slots=True)
class Embedding:
    """An `iframe`.

    Attributes:
        src: The address of the page in it.
        title: What it shows.
        width_px: Its width.
        height_px: Its height, of picture and words.
    """

    src: str
    title: str
    width_px: int
    height_px: int

    def html(self) -> str:
        """The element."""
        return (
            f'<iframe src="{escape(self.src)}" title="{escape(self.title)}"'
            f' width="{self.width_px}" height="{self.height_px}" loading="lazy"'
            ' style="border:0;max-width:100%"></iframe>'
        )


def embedding(
    src: str,
    title: str,
    size_px: tuple[int, int] | None,
    max_width_px: int | None = None,
    max_height_px: int | None = None,
) -> Embedding:
    """An `iframe` that fits a picture and the words under it.

    Args:
        src: The address of the page in it.
        title: What it shows.
        size_px: The picture's width and height; `None` where unknown.
        max_width_px: The most the other site has room for.
        max_height_px: The same.
    """
    width, height = size_px or _USUAL_SIZE_PX
    across = min(_WIDTH_PX, max_width_px or _WIDTH_PX)
    down = round(across * height / width) + _WORDS_PX
    return Embedding(src, title, across, min(down, max_height_px or _MOST_HEIGHT_PX))
