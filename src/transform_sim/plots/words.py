"""Words in figures: names of a scenario as people write them, numbers and units at a readable size."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Iterable, Sequence

from transform_sim.analysis.energy_use import FEEDSTOCK
from transform_sim.results.summary import counted, number

from .language import digits, say, spoken, word

ACRONYMS = {
    "bf": "BF", "bof": "BOF", "ccs": "CCS", "ccu": "CCU", "chp": "CHP", "co2": "CO₂", "dac": "DAC", "dri": "DRI",
    "eaf": "EAF", "h2": "H₂", "hbi": "HBI", "hvc": "HVC", "nh3": "NH₃", "ng": "NG", "pv": "PV", "saf": "SAF",
    "smr": "SMR", "atr": "ATR", "sme": "SME", "mto": "MTO", "lc3": "LC3",
}  # fmt: skip
# Names of the catalogue whose words alone do not say what they mean.
NAMES = {
    "heat_100": "heat below 100 °C", "heat_200": "heat 100–200 °C", "heat_500": "heat 200–500 °C",
    "heat_1000": "heat above 500 °C", "sme_heat": "heat of small enterprises",
    "gas_furnace_500": "gas furnace below 500 °C", "electric_furnace_500": "electric furnace below 500 °C",
    "hydrogen_furnace_500": "hydrogen furnace below 500 °C", "biomass_furnace_500": "biomass furnace below 500 °C",
    "gas_furnace_1000": "gas furnace above 500 °C", "electric_furnace_1000": "electric furnace above 500 °C",
    "hydrogen_furnace_1000": "hydrogen furnace above 500 °C", "methanol_to_olefins": "methanol to olefins",
    "chlor_alkali_existing": "chlor-alkali, existing cells", "chlor_alkali_membrane": "chlor-alkali, membrane",
    "glass_gas": "glass, gas", "glass_hybrid": "glass, hybrid", "glass_electric": "glass, electric",
    "glass_hydrogen": "glass, hydrogen", "cement_portland": "Portland cement",
    "portland_composite": "Portland composite", "clinker_rich": "rich in clinker",
    "electric_80": "80 % electric", "electric_80_more_cullet": "80 % electric, more cullet",
    "hydrogen_biocarbon": "hydrogen and biocarbon", "gas_sold": "fuel gas sold", "gas_burnt": "fuel gas burnt",
    "co2_power": "emissions of purchased power", "upstream": "upstream emissions",
}  # fmt: skip
PURCHASED, SHORTFALL = "purchased ", " shortfall"
"""How the columns of figures mark a trade that has only the name of what is traded."""
LADDERS = (
    {"Mt": 1e6, "kt": 1e3, "t": 1.0, "kg": 1e-3},
    {"TWh": 1e6, "GWh": 1e3, "MWh": 1.0, "kWh": 1e-3},
    {"PJ": 1e6, "TJ": 1e3, "GJ": 1.0, "MJ": 1e-3},
    {"GW": 1e3, "MW": 1.0, "kW": 1e-3},
)
SPACE = "\u00a0"
"""A space at which no line ends."""
FORMULAS = re.compile(r"\b(H2|CO2|NH3)\b")
SMALL_DIGITS = str.maketrans("23", "₂₃")
PROPER = {"Portland"}
"""Names that keep their capital within a sentence."""
NOISE = 1e-6
"""Share of the largest number of a row below which another one is nothing."""


def tokens(name: str) -> list[str]:
    """The words in a name, in small letters: 'BF-BOF+CCS' and 'bf_bof_ccs' → bf, bof, ccs."""
    return re.findall(r"[^\W_]+", name.lower())


def label(name: str) -> str:
    """A scenario's name as people write it: 'bf_bof_ccs' → 'BF-BOF-CCS', 'crude_steel' → 'crude steel' or 'Rohstahl'.

    What already has capitals or spaces was written for people and stays, but for the language.
    """
    if name.startswith(PURCHASED):
        return say("purchased {what}", what=label(name.removeprefix(PURCHASED)))
    if name.endswith(SHORTFALL):
        return say("{what} shortfall", what=label(name.removesuffix(SHORTFALL)))
    if name.endswith(FEEDSTOCK):
        return say("{what}, feedstock", what=label(name.removesuffix(FEEDSTOCK)))
    return FORMULAS.sub(lambda found: found[0].translate(SMALL_DIGITS), word(NAMES.get(name) or _english(name)))


def _english(name: str) -> str:
    if name != name.lower() or " " in name:
        return name
    words = [ACRONYMS.get(word, word) for word in tokens(name)]
    text = " ".join(words)
    return re.sub(r"(?<=[A-Z₂₃]) (?=[A-Z])", "-", text) or name


def sector(name: str) -> str:
    """A sector as people call it: the one that captures and moves CO₂ is not its emission."""
    return word("CO₂ capture") if name == "co2" else label(name)


def emitted(name: str) -> str:
    """An emission within a sentence: 'CO₂ emissions', 'upstream emissions'."""
    text = label(name)
    return say("{what} emissions", what=text) if text == text.upper() else text


def capital(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]


def inside(text: str) -> str:
    """A label within a sentence: a capital that only stands at the start of a plain word becomes small.

    'Refinery+CCS' → 'refinery+CCS', but 'DRI-EAF' stays. In German all stay: names are nouns.
    """
    first = re.match(r"[^\W\d_]*", text)
    start = first[0] if first else ""
    plain = start[1:] == start[1:].lower() and start not in PROPER
    return text[:1].lower() + text[1:] if spoken() == "en" and plain else text


def wrapped(text: str, width: int, lines: int) -> str:
    """The text in at most this many lines of this many characters; what does not fit ends in '…'."""
    return "\n".join(textwrap.wrap(text, max(width, 8), max_lines=lines, placeholder=" …", break_on_hyphens=False))


def shortened(text: str, width: int, lines: int) -> str:
    """A label in at most this many lines; where it is too long the middle goes, for names often differ at the end."""
    if len(textwrap.wrap(text, width, break_on_hyphens=False)) <= lines:
        return wrapped(text, width, lines)
    room = width * lines - 2 * lines
    return wrapped(f"{text[: room // 2].rstrip()}… {text[-(room - room // 2) :].lstrip()}", width, lines)


def balanced(text: str, width: int, lines: int) -> str:
    """The text wrapped into as few lines as fit the width: cut at a semicolon, or else of about equal length."""
    most = wrapped(text, width, lines)
    halves = text.split("; ")
    if len(halves) == 2 and most.count("\n") == 1 and max(map(len, halves)) < width:
        return ";\n".join(halves)
    narrower = (wrapped(text, w, lines) for w in range(width // 2, width + 1))
    return next((t for t in narrower if t.count("\n") == most.count("\n") and "…" not in t), most)


def told_apart(texts: Sequence[str], width: int, lines: int) -> list[str]:
    """Labels in at most this many lines; the words that all share at both ends go where two would look the same."""
    short = [shortened(text, width, lines) for text in texts]
    if len(set(short)) == len(set(texts)):
        return short
    words = [text.split() for text in texts if short.count(shortened(text, width, lines)) > 1]
    front = _shared(words)
    back = _shared([w[front:][::-1] for w in words])
    inner = [" ".join(["…", *w[front : len(w) - back], "…"]) for w in (text.split() for text in texts)]
    pairs = zip(short, inner, strict=True)
    return [shortened(own, width, lines) if short.count(text) > 1 else text for text, own in pairs]


def _shared(words: Sequence[Sequence[str]]) -> int:
    """How many words at the start are the same in all."""
    return next((i for i, column in enumerate(zip(*words, strict=False)) if len(set(column)) > 1), 0)


def sized(largest: float, unit: str) -> tuple[float, str]:
    """What to divide by, and the unit then, so that the largest value has few digits: (15e6, 't/a') → (1e6, 'Mt/a').

    Money, and whatever else has no ladder, is counted: (4.4e9, 'EUR2020/a') → (1e9, 'bn EUR2020/a').
    """
    head, slash, rest = unit.partition("/")
    steps = next((steps for steps in LADDERS if head in steps), None)
    if steps is None:
        size, count = counted(largest)
        return size, f"{word(count)}{unit}"
    fitting = [name for name, size in steps.items() if size <= abs(largest) * steps[head]]
    name = fitting[0] if fitting else head
    return steps[name] / steps[head], f"{name}{slash}{rest}"


def amount(value: float) -> str:
    """Three significant digits at most, with a real minus sign; anything that would print as zero is 0."""
    text = number(_clean(value))
    text = re.sub(r"(\.\d*?)0+$", r"\1", text).rstrip(".") if "." in text else text
    return digits(text).replace("-", "−") if text not in ("-0", "") else "0"


def _clean(value: float) -> float:
    """Without the last digits of computing, so that 10.05 rounds alike wherever it is written."""
    return float(f"{value:.10g}")


def quantity(value: float, unit: str) -> str:
    """A number with its unit, never parted by the end of a line."""
    return f"{amount(value)} {unit}".replace(" ", SPACE)


def amounts(values: Iterable[float]) -> list[str]:
    """Numbers of one row with the same decimals, three digits for the largest; small ones keep one of their own.

    What is left by the solver's tolerance beside the largest is 0.
    """
    found = [_clean(v) for v in values]
    most = max((abs(v) for v in found), default=0.0)
    listed = [v if abs(v) > NOISE * most else 0.0 for v in found]
    decimals = min(max(0, 2 - math.floor(math.log10(most))), 6) if most > 0 else 0
    common = [f"{v:,.{decimals}f}" for v in listed]
    pairs = zip(listed, common, strict=True)
    own = [text if float(text.replace(",", "")) else f"{v:.1g}" for v, text in pairs]
    return [digits(text).replace("-", "−") for text in own]


def percent(part: float, whole: float) -> str:
    """A share in whole per cent; 'almost' none or all stay visible as <1 % and >99 %."""
    share = 100.0 * part / whole if whole else 0.0
    if 0 < share < 0.5:
        return f"<1{SPACE}%"
    return f">99{SPACE}%" if 99.5 < share < 99.995 else f"{share:.0f}{SPACE}%"
