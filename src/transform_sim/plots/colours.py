"""One colour for each route, carrier, sector and kind of cost, by name, the same in every figure and scenario.

A route has the colour of what drives it: gas pink, hydrogen blue, power yellow, biomass green, coal black. What stands
in one figure is apart for people who do not see red or green, and neighbours differ in lightness; capture is striped,
imports and purchases are dotted, and labels stand beside what they name, so that figures also read in grey.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from .words import tokens

OTHER = "other"
GREY, WHITE = "#B8B8B8", "#FFFFFF"
STRIPES, DOTS, BACK = "///", "...", "\\\\\\"
HATCHES = ("", STRIPES, DOTS, BACK)
CAPTURE = {"ccs", "oxyfuel", "amine", "capture"}
BOUGHT = {"import", "imports", "imported", "purchased", "abroad"}

# In this order they are stacked, so that neighbours differ in lightness.
SECTORS = {
    "steel": "#3A3A3A", "cement": "#117733", "lime": "#C0D0C0", "chemicals": "#332288", "ammonia": "#44AA99",
    "methanol": "#AA4499", "chlorine": "#FFD1A9", "aluminium": "#CC6677", "glass": "#88CCEE", "paper": "#3D5A3D",
    "refining": "#DDCC77", "process heat": "#B8432F", "small enterprises": "#F5E04B", "power": "#C9941E",
    "hydrogen": "#0B5FA5", "co2": "#E8D5F0",
}  # fmt: skip

# The entry with most words that all occur in a name wins; of equals the first.
NAMED = {
    **SECTORS,
    # what drives a route
    "gas": "#DD7788", "natural gas": "#DD7788", "h2": "#0B5FA5", "electric": "#E3B23C", "biomass": "#2F8F4E",
    "coal": "#2B2B2B", "lignite": "#6B4A2B", "hybrid": "#5E3570", "reforming": "#DD7788", "synthesis": "#0B5FA5",
    # steel
    "bf": "#3A3A3A", "bf ccs": "#8C8C8C", "blast furnace": "#3A3A3A", "blast furnace ccs": "#8C8C8C",
    "dri": "#2E8BC0", "dri ccs": "#8CC4E8", "dri gas": "#8CC4E8", "direct reduction": "#2E8BC0",
    "furnace": "#3A3A3A", "furnace ccs": "#8C8C8C", "arc furnace": "#8CC98C", "shaft": "#2E8BC0",
    "scrap": "#8CC98C", "hbi": "#8F2F60", "ore": "#A0522D", "pellets": "#C08457",
    # cement, lime
    "kiln": "#6B4A2B", "kiln ccs": "#C9A77C", "clinker": "#6B4A2B", "clinker ccs": "#C9A77C",
    "oxyfuel": "#A07840", "clinker oxyfuel": "#A07840", "amine": "#EBDCC3", "clinker amine": "#EBDCC3",
    "cement mill": "#7CA6B8", "mill": "#7CA6B8", "lime kiln": "#6B4A2B", "lime kiln ccs": "#C9A77C",
    "limestone": "#C0D0C0", "slag": "#9AA7B0", "clay": "#C08457", "lime ccs": "#C9A77C",
    # chemicals
    "cracker": "#8B5A2B", "cracker ccs": "#D9B48F", "electric cracker": "#E3B23C", "e cracker": "#E3B23C",
    "mto": "#332288", "olefins": "#332288", "methanol olefins": "#332288", "pyrolysis": "#44AA99", "hvc": "#332288",
    "chlor alkali": "#6B4A2B", "membrane": "#FFD1A9", "alkali membrane": "#FFD1A9", "chlor alkali membrane": "#FFD1A9",
    "ammonia reforming": "#DD7788", "ammonia synthesis": "#0B5FA5", "methanol reforming": "#DD7788",
    "methanol synthesis": "#0B5FA5",
    "nh3": "#44AA99", "nh3 reforming": "#DD7788", "nh3 reforming ccs": "#F0B8C2",
    "nh3 hydrogen": "#0B5FA5", "methanol gas": "#DD7788", "methanol hydrogen": "#0B5FA5",
    "chemical recycling": "#44AA99",
    "mechanical recycling": "#B5D99C", "networks": "#882255", "policy": "#777777",
    "ammonia reforming ccs": "#F0B8C2", "reforming ccs": "#F0B8C2",
    "hydrogen reforming": "#DD7788", "hydrogen reforming ccs": "#F0B8C2", "smr": "#DD7788", "atr": "#DD7788",
    "smr ccs": "#F0B8C2", "atr ccs": "#F0B8C2",
    # aluminium, glass, paper, refining
    "primary aluminium": "#CC6677", "recycled aluminium": "#8CC98C", "inert anode aluminium": "#332288",
    "smelter": "#CC6677", "aluminium smelter": "#CC6677", "inert": "#332288", "aluminium inert": "#332288",
    "inert anode": "#332288", "recycling": "#8CC98C", "aluminium recycling": "#8CC98C", "aluminium scrap": "#8CC98C",
    "glass gas": "#DD7788", "glass hybrid": "#5E3570", "glass electric": "#E3B23C", "glass hydrogen": "#0B5FA5",
    "refinery": "#8B5A2B", "refinery ccs": "#D9B48F", "cullet": "#88CCEE", "pulp": "#3D5A3D",
    # heat
    "gas boiler": "#DD7788", "coal boiler": "#2B2B2B", "electrode": "#E3B23C", "e boiler": "#E3B23C",
    "electrode boiler": "#E3B23C", "heat pump": "#44AA99", "steam heat pump": "#8FD3C8", "biomass boiler": "#2F8F4E",
    "biomass boiler ccs": "#9CCFAB", "hydrogen boiler": "#0B5FA5", "chp": "#882255", "gas chp": "#882255",
    "biomass chp": "#B5D99C", "heat exchange": "#D8D8D8", "gas furnace": "#DD7788", "electric furnace": "#E3B23C",
    "hydrogen furnace": "#0B5FA5", "biomass furnace": "#2F8F4E", "boiler": "#DD7788", "pump": "#44AA99",
    # carriers and their makers
    "electricity": "#E3B23C", "surplus": "#AAAA55", "grid": "#C9941E", "hydrogen import": "#88CCEE",
    "hydrogen abroad": "#88CCEE", "hydrogen entry": "#88CCEE", "electrolysis": "#1B7F4B", "electrolyser": "#1B7F4B",
    "ammonia cracker": "#44AA99", "wind": "#7CC8F0", "onshore wind": "#7CC8F0", "offshore wind": "#3F7FB0",
    "solar": "#F5E04B", "sun": "#F5E04B", "pv": "#F5E04B", "turbine": "#DD7788", "gas turbine": "#DD7788",
    "hydrogen turbine": "#0B5FA5", "combined cycle": "#A04A5C", "cavern": "#882255", "battery": "#882255",
    "store": "#882255", "tank": "#C27BA0", "air capture": "#E8D5F0", "dac": "#E8D5F0",
    "oil": "#5C4A72", "crude oil": "#5C4A72", "naphtha": "#B9A6D3", "refined products": "#5C4A72",
    "biocarbon": "#2F8F4E", "biogas": "#2F8F4E", "biomethane": "#2F8F4E", "waste": "#999933",
    "plastic waste": "#999933", "refuse": "#999933", "heat": "#B8432F", "heat 100": "#F2B59B", "heat 200": "#E07B54",
    "heat 500": "#B8432F", "heat 1000": "#6E1F1A", "ambient heat": "#D9A08C", "efficiency gain": "#C7B9A0",
    "import": "#8F2F60", "demand": "#777777", "industry power": "#777777",
    "captured": "#5A7D5A", "captured co2": "#5A7D5A", "stored biogenic": "#B5D99C",
    # kinds of cost
    "investment": "#004488", "reinvestment": "#6699CC", "financing": "#A8C8E8", "fixed opex": "#997700",
    "variable opex": "#EECC66", "supply price": "#A04A5C", "sale price": "#EE99AA", "carbon price": "#333333",
    "levy": "#8A8A8A", "tariff": "#44AA99", "disposal": "#2F8F4E", "purchases disposal": "#9A9A9A",
    "free allocation": "#2E8BC0", "power compensation": "#E3B23C", "border adjustment": "#8F2F60",
    "carbon contract": "#1B7F4B", "contract financing": "#9CCFAB", "grant": "#5E3570", "grant financing": "#C9B5DE",
    "cap scarcity": "#B8432F", "quota premium": "#8CC98C", "capacity price": "#5AA5D6",
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


def hatch(name: str) -> str:
    """Stripes for capture, dots for what is imported or bought, back-stripes for feedstock."""
    words = set(tokens(name))
    if "feedstock" in words:
        return BACK
    return STRIPES if words & CAPTURE else DOTS if words & BOUGHT else ""


def looks(names: Sequence[str]) -> dict[str, Look]:
    """The looks of the names in one figure; where two share a colour, the one that it is not named for is hatched.

    Of equals the later in the alphabet is hatched. Past four of one colour, and for names without end, spare colours
    are taken.
    """
    taken: set[Look] = set()
    out: dict[str, Look] = {}
    for name in sorted(names, key=lambda n: (" ".join(tokens(n)) not in NAMED, n)):
        own = colour(name)
        choices = [Look(own, hatch(name)), *(Look(c, kind) for c in (own, *SPARE) for kind in HATCHES)]
        out[name] = next(look for look in choices if look not in taken)
        taken.add(out[name])
    return out


def by_sector(names: Sequence[str]) -> list[str]:
    """Sectors in the order in which they are stacked; others after them, 'other' last."""
    order = list(SECTORS)
    places = {name: " ".join(tokens(name)) for name in names}
    return sorted(names, key=lambda n: (n == OTHER, order.index(places[n]) if places[n] in order else len(order)))
