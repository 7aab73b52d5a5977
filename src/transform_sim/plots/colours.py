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
    "bf": "#4A4A4A", "bf ccs": "#8C8C8C", "blast furnace": "#4A4A4A", "blast furnace ccs": "#8C8C8C",
    "dri": "#0072B2", "dri ccs": "#5AA5D6", "dri gas": "#5AA5D6", "scrap": "#E69F00", "hbi": "#AA4499",
    "direct reduction": "#0072B2",
    # carriers and their makers
    "electricity": "#DDAA33", "surplus": "#AAAA55", "power": "#DDAA33", "grid": "#997700",
    "hydrogen": "#0072B2", "h2": "#0072B2",
    "hydrogen import": "#88CCEE", "hydrogen abroad": "#88CCEE", "hydrogen entry": "#88CCEE",
    "electrolysis": "#009E73", "natural gas": "#D55E00", "gas": "#D55E00", "coal": "#2B2B2B", "lignite": "#6B4A2B",
    "oil": "#7A4B2A", "naphtha": "#7A4B2A", "biomass": "#117733", "biocarbon": "#117733", "biogas": "#117733",
    "waste": "#999933", "heat": "#CC6677", "ammonia": "#44AA99", "methanol": "#332288", "wind": "#56B4E9",
    "solar": "#F0D443", "sun": "#F0D443", "pv": "#F0D443", "cavern": "#882255", "battery": "#882255",
    "store": "#882255", "import": "#AA4499", "ore": "#A0522D", "pellets": "#C08457",
    "lime": "#9E9E9E", "demand": "#777777", "steel": "#4A4A4A", "co2": "#333333", "captured": "#5A7D5A",
    # kinds of cost
    "investment": "#004488", "reinvestment": "#6699CC", "financing": "#A8C8E8", "fixed opex": "#997700",
    "variable opex": "#EECC66", "supply price": "#994455", "sale price": "#EE99AA", "carbon price": "#333333",
    "levy": "#999999", "tariff": "#44AA99", "disposal": "#117733", "shortfall": "#D55E00",
    "forgone demand": "#CC79A7", "budget": "#CC6677",
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
