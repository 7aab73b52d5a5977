"""The figures of a report: drawn once, as pictures inside the page, with their findings as headings."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image

from transform_sim.plots.language import word
from transform_sim.plots.saving import exported, finding, pages
from transform_sim.plots.words import capital, label
from transform_sim.results import Results

CHAPTERS = (
    ("Emissions", ("emissions",)),
    ("Carbon", ("carbon",)),
    ("Energy and feedstock", ("energy", "sankey", "balance", "dispatch", "prices")),
    (
        "Flexible demand",
        ("flexible_load", "shift_map", "store_levels", "duration", "peak_use", "flexible_revenue"),
    ),
    ("Circularity and exchange", ("exchange", "recycled_content")),
    ("Money", ("investment", "cost", "incidence")),
)
"""Chapters on the whole study, and how the names of their figures begin."""
BY_PRODUCT = ("production", "capacity", "levelised")
"""How the names of figures on one product begin, in the order of reading."""


@dataclass(frozen=True)
class Picture:
    """One figure: the name of its file, what it says, and itself as the address of an image."""

    name: str
    finding: str
    address: str


@dataclass(frozen=True)
class Chapter:
    """Figures that belong together; `product` if they tell of one product."""

    title: str
    pictures: tuple[Picture, ...]
    product: bool = False

    @property
    def anchor(self) -> str:
        """Where links to the chapter lead: to its first figure."""
        return self.pictures[0].name

    @property
    def key(self) -> tuple[Picture, ...]:
        """The figures whose findings stand in the summary: of a product the first."""
        return self.pictures[:1] if self.product else self.pictures


def draw(results: Results, folder: Path | None = None) -> list[Picture]:
    """All figures that apply, in the language of the moment; kept as PNG and SVG in `folder` too if one is given."""
    pictures = []
    for name, page in pages(results):
        image = exported(page, "png")
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{name}.png").write_bytes(image)
            (folder / f"{name}.svg").write_bytes(exported(page, "svg"))
        address = "data:image/png;base64," + base64.b64encode(_small(image)).decode("ascii")
        pictures.append(Picture(name, finding(page), address))
    return pictures


def _small(image: bytes) -> bytes:
    """The same picture with a palette of 256 colours: a third of the size, and flat colours stay what they are."""
    out = BytesIO()
    with Image.open(BytesIO(image)) as picture:
        picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(out, format="png")
    return out.getvalue()


def chapters(pictures: Sequence[Picture]) -> list[Chapter]:
    """The figures by chapter in the order of reading: the whole study first, then each product as they come."""
    named = {p.name: p for p in pictures}
    out = []
    for title, heads in CHAPTERS:
        own = [named.pop(n) for head in heads for n in list(named) if n == head or n.startswith(f"{head}_")]
        out.append(Chapter(word(title), tuple(own)))
    products = [n.partition("_")[2] for n in named if n.startswith(tuple(f"{head}_" for head in BY_PRODUCT))]
    for product in dict.fromkeys(products):
        own = [named.pop(f"{head}_{product}") for head in BY_PRODUCT if f"{head}_{product}" in named]
        out.append(Chapter(capital(label(product)), tuple(own), product=True))
    out.append(Chapter(word("More figures"), tuple(named.values())))
    return [chapter for chapter in out if chapter.pictures]
