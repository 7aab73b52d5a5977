"""Units: texts such as '872 EUR/(t/a)' become numbers in a field's default unit.

Names are looked up in `units.txt` and in the money table; pint does the arithmetic, and is imported only when a
unit differs from the default one.
"""

from __future__ import annotations

import difflib
import math
import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from . import money
from .scalars import ScalarError, refuse_misspelt

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pint

HOURS_PER_YEAR = 8760.0
LONGEST = 80
HINTS = {
    "€": "EUR2020", "yr": "a", "y": "a", "year": "a", "years": "a", "hour": "h", "hr": "h", "day": "d",
    "euro": "EUR", "euros": "EUR",
    "tCO2": "t", "t_CO2": "t", "CO2": "t", "tonne": "t", "tonnes": "t", "ton": "t", "MWa": "MW*a", "pct": "%",
}  # fmt: skip

_NUMBER = r"[+-]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?inf"
_QUANTITY = re.compile(rf"({_NUMBER})(?:\s+|(?=[^\d\s._,:+\-]))(.*)|({_NUMBER})", re.DOTALL)
_TOKEN = re.compile(r"\s*(?:(?P<name>[A-Za-z_%€]+\d*)|(?P<one>1)(?!\d)|(?P<mark>[/*·()])|(?P<power>\^-?[1-3])(?!\d))")


class UnitError(ScalarError):
    """A text is no number with a unit, or its unit does not fit; the message says what would be right."""

    def __init__(self, message: str) -> None:
        super().__init__("unit", message)


class UnknownUnitError(UnitError):
    """A name in a unit is none; `name` is it."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


def read(text: str, unit: str, currency: str) -> float:
    """The value of 'number unit' in `unit`, for example read('3.6 GJ/t', 'MWh/t', 'EUR2020') → 1.0.

    `currency` is the money that a bare `EUR` stands for. 'inf' needs no unit. Raises ScalarError.
    """
    number, written = split(text, unit)
    if math.isinf(number) and not written:
        return number
    written = money.in_currency(written, currency)
    if not written and unit != "1":
        raise UnitError(f"'{text}' is text without a unit. Write a plain number for {unit}, or add the unit")
    return number if written == unit else number * _factor_or_advice(written or "1", unit)


def _factor_or_advice(written: str, unit: str) -> float:
    """The factor from a unit as written to that of its field; raises UnitError with what is likely meant."""
    expected = f"{unit} is expected, or a unit that converts to it"
    try:
        return factor(written, unit)
    except UnknownUnitError as error:
        likely = [name for name in _like(error.name) if _fits(_renamed(written, error.name, name), unit)]
        right = f". Did you mean '{likely[0]}'?" if likely else f"; {expected}"
        raise UnitError(f"unknown unit '{error.name}'{right}") from None
    except UnitError as error:
        # per year or not, power or energy: the slips that leave the rest of a unit right
        near = (f"{written}/a", written.removesuffix("/a"), written.replace("Wh", "W"), re.sub("W(?!h)", "Wh", written))
        likely = [other for other in near if other and _fits(other, unit)]
        likely.sort(key=lambda other: other.endswith("/a") != unit.endswith("/a"))
        hint = f". Did you mean {likely[0]}?" if likely and likely[0] != unit else ""
        raise UnitError(f"{error}{hint}") from None


def _fits(written: str, unit: str) -> bool:
    """Whether a unit converts to that of a field, as far as its names are known."""
    try:
        return factor(money.in_currency(written, "EUR2020"), unit) > 0
    except UnknownUnitError:
        return True
    except UnitError:
        return False


def _like(name: str) -> list[str]:
    """Known units that look like an unknown one, the likeliest first."""
    known = [*_names(), *(prefix + "EUR" for prefix in money.PREFIXES)]
    hints = [HINTS[n] for n in (name, name.casefold()) if n in HINTS]
    return [
        *hints,
        *(k for k in known if k.casefold() == name.casefold()),
        *difflib.get_close_matches(name, known, 5, 0.5),
    ]


def _renamed(unit: str, name: str, other: str) -> str:
    return re.sub(rf"(?<![A-Za-z_%€]){re.escape(name)}(?![A-Za-z_%€\d])", other, unit)


def converts(text: str, unit: str, currency: str) -> bool:
    """Whether a text is a number in a unit that converts to `unit`."""
    try:
        return bool(split(text)[1]) and math.isfinite(read(text, unit, currency))
    except ScalarError:
        return False


def split(text: str, unit: str = "GJ/t") -> tuple[float, str]:
    """The number and the unit of a text; raises ScalarError, with a text in `unit` as example, for anything else."""
    text = text.strip()
    refuse_misspelt(text.split(maxsplit=1)[0] if text else text)
    match = _QUANTITY.fullmatch(text) if len(text) <= LONGEST else None
    if not match:
        shown = text if len(text) <= LONGEST else text[:LONGEST] + "…"
        raise UnitError(f"'{shown}' is not a number with a unit, such as '{'50 %' if unit == '1' else f'3.2 {unit}'}'")
    return float((match[1] or match[3]).replace("_", "")), (match[2] or "").strip()


@lru_cache(maxsize=4096)
def factor(source: str, target: str) -> float:
    """How many `target` one `source` is; raises UnitError if they measure different things."""
    have, want = _pint(source), _pint(target)
    if have.dimensionality != want.dimensionality:
        raise UnitError(f"the unit {source} does not fit; {target} is expected, or a unit that converts to it")
    return _without_noise(have.to(want.units).magnitude / want.magnitude)


def _without_noise(value: float) -> float:
    """1,000,000 for 999,999.9999999999: factors are mostly whole, or one over a whole number."""
    for candidate in (float(round(value)), 1 / round(1 / value) if value < 1 and round(1 / value) else 0.0):
        if math.isclose(value, candidate, rel_tol=1e-13):
            return candidate
    return value


@lru_cache(maxsize=4096)
def _pint(unit: str) -> pint.Quantity[float]:
    registry, expression = _registry(), "".join(_tokens(unit)) or "1"
    try:
        unit_quantity: pint.Quantity[float] = registry.Quantity(1.0, "") * registry.Quantity(expression)
    except Exception as error:  # pint's parser raises many kinds; the names in the text are checked already
        raise UnitError(f"'{unit}' is not a unit") from error
    return unit_quantity


def _tokens(unit: str) -> Iterator[str]:
    """The unit in pint's notation; nothing but known names, brackets and small powers reaches pint's parser."""
    position, before = 0, ""
    unit = unit.strip()
    while position < len(unit):
        match = _TOKEN.match(unit, position)
        if not match:
            raise UnitError(f"'{unit}' is not a unit: '{unit[position:]}' cannot be read")
        position, word = match.end(), match[0].strip()
        if before and before not in "/*·(" and (match["name"] or match["one"] or word == "("):
            yield "*"
        yield _known(word) if match["name"] else word.replace("^", "**").replace("·", "*")
        before = word


def _known(name: str) -> str:
    if name in _names() or name in money.values():
        return "percent" if name == "%" else name
    if money.looks_like_money(name):
        raise UnitError(f"'{name}' has no price index or exchange rate; known are {money.known()}")
    like = _like(name)
    known = (
        f". Did you mean '{like[0]}'?"
        if like
        else f"; known are {', '.join(_names())} and money of a year: {money.known()}"
    )
    raise UnknownUnitError(name, f"unknown unit '{name}'{known}")


@cache
def _names() -> tuple[str, ...]:
    names = re.findall(r"^(\w+) =", _definitions(), re.MULTILINE)
    return tuple("%" if n == "percent" else n for n in names)


@cache
def _definitions() -> str:
    return files(__package__).joinpath("units.txt").read_text(encoding="utf-8")


@cache
def _registry() -> pint.UnitRegistry[float]:
    import pint  # heavy, and not needed by a scenario that writes default units

    base, *others = reversed(money.values().items())
    lines = [*_definitions().splitlines(), f"{base[0]} = [money]"]
    lines += [f"{name} = {value / base[1]!r} * {base[0]}" for name, value in others]
    return pint.UnitRegistry(lines, cache_folder=None)


@lru_cache(maxsize=256)
def fault_of(unit: str, amount: bool = True) -> str | None:
    """What is wrong with a unit of a commodity or process (an amount) or of a resource (any); None if nothing is."""
    if unit in ("MWh", "t"):
        return None
    try:
        dimensions = _pint(unit).dimensionality
    except UnitError as error:
        return str(error)
    if amount and ("[time]" in dimensions or "[money]" in dimensions):
        return f"'{unit}' is no amount. Write for example MWh, GJ or t"
    return None


@lru_cache(maxsize=256)
def is_energy(unit: str) -> bool:
    """Whether amounts in `unit` are energy."""
    if unit in ("MWh", "t"):
        return unit == "MWh"
    return bool(_pint(unit).dimensionality == _pint("MWh").dimensionality)


def capacity_hours(unit: str) -> float:
    """Hours by which a capacity of this unit of amount is divided to become unit/h: 1 for energy, else 8,760."""
    return 1.0 if is_energy(unit) else HOURS_PER_YEAR


def capacity_unit(unit: str) -> str:
    """Default unit of a capacity: MW for MWh, GJ/h for GJ, t/a for t."""
    if not is_energy(unit):
        return f"{unit}/a"
    return unit[:-1] if unit.endswith("Wh") else f"{unit}/h"
