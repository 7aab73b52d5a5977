"""One colour for each route, carrier and kind of cost, by name, so that it is the same in every figure and scenario.

Colours are taken from the palettes of Okabe and Ito and of Paul Tol, which people with any colour vision can tell
apart; lightness differs between neighbours, capture is hatched, and labels stand beside what they name, so that figures
also read in grey.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from .words import tokens

OTHER = "other"
GREY, WHITE = "#B8B8B8", "#FFFFFF"
HATCHES = ("", "////", "....", "\\\\\\\\")

# The entry with most words that all occur in a name wins; of equals the first.
NAMED = {
    # steel
    "bf": "#3A3A3A", "bf ccs": "#8C8C8C", "blast furnace": "#3A3A3A", "blast furnace ccs": "#8C8C8C",
    "dri": "#2E8BC0", "dri ccs": "#8CC4E8", "dri gas": "#8CC4E8", "direct reduction": "#2E8BC0",
    "furnace": "#3A3A3A", "furnace ccs": "#8C8C8C", "arc furnace": "#8CC98C", "shaft": "#2E8BC0",
    "scrap": "#8CC98C", "hbi": "#8F2F60", "steel": "#3A3A3A",
    # carriers and their makers
    "electricity": "#E3B23C", "surplus": "#AAAA55", "power": "#C9941E", "grid": "#C9941E",
    "hydrogen": "#0B5FA5", "h2": "#0B5FA5", "hydrogen import": "#88CCEE", "hydrogen abroad": "#88CCEE",
    "hydrogen entry": "#88CCEE", "electrolysis": "#1B7F4B", "electrolyser": "#1B7F4B",
    "natural gas": "#DD7788", "gas": "#DD7788",
    "coal": "#2B2B2B", "lignite": "#6B4A2B", "oil": "#8B5A2B", "naphtha": "#8B5A2B", "biomass": "#2F8F4E",
    "biocarbon": "#2F8F4E", "biogas": "#2F8F4E", "waste": "#999933", "heat": "#B8432F", "ammonia": "#44AA99",
    "methanol": "#332288", "wind": "#7CC8F0", "solar": "#F5E04B", "sun": "#F5E04B", "pv": "#F5E04B",
    "cavern": "#882255", "battery": "#882255", "store": "#882255", "import": "#8F2F60", "ore": "#A0522D",
    "pellets": "#C08457", "lime": "#9E9E9E", "demand": "#777777", "co2": "#333333", "captured": "#5A7D5A",
    "kiln": "#B08D57", "boiler": "#B8432F", "pump": "#EE7733", "turbine": "#DD7788", "cracker": "#8B5A2B",
    # kinds of cost
    "investment": "#004488", "reinvestment": "#6699CC", "financing": "#A8C8E8", "fixed opex": "#997700",
    "variable opex": "#EECC66", "supply price": "#A04A5C", "sale price": "#EE99AA", "carbon price": "#333333",
    "levy": "#8A8A8A", "tariff": "#44AA99", "disposal": "#2F8F4E", "purchases disposal": "#9A9A9A",
    "shortfall": "#D55E00", "forgone demand": "#CC79A7", "budget": "#CC6677",
    # what becomes of a plant
    "closed": WHITE, OTHER: GREY,
}  # fmt: skip
SPARE = (
    "#CC6677", "#332288", "#117733", "#88CCEE", "#882255", "#44AA99", "#999933", "#AA4499", "#6B4A2B", "#5AA5D6",
)  # fmt: skip


@dataclass(frozen=True)
class Look:
    """How one thing is drawn in all figures."""

    colour: str
    hatch: str = ""

    @property
    def edge(self) -> str:
        """White between areas; around white ones grey."""
        return "#666666" if self.colour == WHITE else WHITE


def colour(name: str) -> str:
    """The colour of a name; names that no one foresaw get a spare one that depends on the name alone."""
    words = set(tokens(name))
    found = [key for key in NAMED if set(key.split()) <= words]
    if found:
        return NAMED[max(found, key=lambda key: len(key.split()))]
    return SPARE[zlib.crc32(" ".join(tokens(name)).encode()) % len(SPARE)]


def looks(names: Sequence[str]) -> dict[str, Look]:
    """The looks of the names in one figure; where two share a colour, the later in the alphabet is hatched.

    Past four of one colour, and for names without end, spare colours are taken.
    """
    taken: set[Look] = set()
    out: dict[str, Look] = {}
    for name in sorted(names):
        own = colour(name)
        first = "////" if "ccs" in tokens(name) else ""
        choices = [Look(own, first), *(Look(c, hatch) for c in (own, *SPARE) for hatch in HATCHES)]
        out[name] = next(look for look in choices if look not in taken)
        taken.add(out[name])
    return out
