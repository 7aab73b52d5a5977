"""Units and money, value by value; the arithmetic stands beside each."""

from __future__ import annotations

import math
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transform_sim.scenario import units
from transform_sim.scenario.money import values
from transform_sim.scenario.reader import read
from transform_sim.scenario.scalars import ScalarError
from transform_sim.scenario.tree import walk

ROOT = Path(__file__).parents[2]
H20, H25 = 79.533, 100.0  # EU HICP of 2020 and 2025, 2025 = 100

# every unit that a shipped scenario writes, and what one of it is in a default unit
SHIPPED = {
    "%": ("1", 0.01),
    "%/a": ("1/a", 0.01),
    "%/h": ("1/h", 0.01),
    "1/h": ("1/h", 1),
    "1/a": ("1/a", 1),
    "EUR/(MW km)": ("EUR2020/MW/km", 1),
    "EUR/(t/a)": ("EUR2020/(t/a)", 1),
    "EUR/(t/a)/a": ("EUR2020/(t/a)/a", 1),
    "EUR/MW/km": ("EUR2020/MW/km", 1),
    "EUR/MWh": ("EUR2020/MWh", 1),
    "EUR/kW/a": ("EUR2020/MW/a", 1000),
    "EUR/t/h": ("EUR2020/t/h", 1),
    "EUR/kW": ("EUR2020/MW", 1000),
    "EUR/kWh": ("EUR2020/MWh", 1000),
    "EUR/t": ("EUR2020/t", 1),
    "EUR2020/(t/a)": ("EUR2020/(t/a)", 1),
    "EUR2020/(t/a)/a": ("EUR2020/(t/a)/a", 1),
    "EUR2020/MWh": ("EUR2020/MWh", 1),
    "EUR2020/kW": ("EUR2020/MW", 1000),
    "EUR2020/kW/a": ("EUR2020/MW/a", 1000),
    "EUR2020/t": ("EUR2020/t", 1),
    "EUR2025/MW/km": ("EUR2020/MW/km", H20 / H25),
    "EUR2025/MWh": ("EUR2020/MWh", H20 / H25),
    "EUR2025/kW": ("EUR2020/MW", 1000 * H20 / H25),
    "EUR2025/kWh": ("EUR2020/MWh", 1000 * H20 / H25),
    "GJ/t": ("MWh/t", 1 / 3.6),
    "GW": ("MW", 1000),
    "GWh/a": ("MWh/a", 1000),
    "GWh": ("MWh", 1000),
    "MEUR2023/a": ("EUR2020/a", 1e6 * H20 / 95.089),
    "MW": ("MW", 1),
    "MWh": ("MWh", 1),
    "MWh/a": ("MWh/a", 1),
    "MWh/t": ("MWh/t", 1),
    "Mt": ("t", 1e6),
    "Mt/a": ("t/a", 1e6),
    "TWh/a": ("MWh/a", 1e6),
    "a": ("a", 1),
    "h": ("h", 1),
    "ha/MW": ("ha/MW", 1),
    "kg/GJ": ("t/MWh", 0.0036),  # 1 kg = 0.001 t, 1 GJ = 1/3.6 MWh
    "kg/MWh": ("t/MWh", 0.001),
    "km": ("km", 1),
    "km2": ("ha", 100),
    "t": ("t", 1),
    "t/MWh": ("t/MWh", 1),
    "t/a": ("t/a", 1),
    "t/t": ("t/t", 1),
}

OTHERS = {
    "MWh/MWh": ("1", 1),
    "EUR2025/kW/a": ("EUR2025/MW/a", 1000),
    "EUR2020/(t/h)": ("EUR2020/(t/a)", 1 / 8760),
    "TWh": ("MWh", 1e6),
    "kWh": ("MWh", 0.001),
    "PJ": ("MWh", 1e6 / 3.6),
    "TJ": ("GJ", 1000),
    "MJ": ("GJ", 0.001),
    "MW a": ("MWh", 8760),
    "MW·a": ("MWh", 8760),
    "MW*h": ("MWh", 1),
    "W": ("MW", 1e-6),
    "kg": ("t", 0.001),
    "kt/a": ("t/a", 1000),
    "d": ("h", 24),
    "h/a": ("1", 1 / 8760),
    "a/h": ("1", 8760),
    "m^2": ("ha", 1e-4),
    "kEUR/MW": ("EUR2020/MW", 1000),
    "MEUR2020": ("EUR2020", 1e6),
    "bnEUR2020": ("EUR2020", 1e9),
    "USD2015/t": ("EUR2020/t", 1 / 1.1095 * H20 / 74.936),
    "GBP2010/t": ("EUR2020/t", 1 / 0.8578 * H20 / 69.309),
    "EUR2014/t": ("EUR2020/t", H20 / 74.861),
}


@pytest.mark.parametrize(("unit", "target", "factor"), [(u, *f) for u, f in (SHIPPED | OTHERS).items()])
def test_one_of_each_unit(unit: str, target: str, factor: float) -> None:
    assert units.read(f"1 {unit}", target, "EUR2020") == pytest.approx(factor, rel=1e-12)


def test_every_unit_of_the_shipped_scenarios_is_in_the_table() -> None:
    written = set()
    for file in [*ROOT.glob("scenarios/**/*.yaml"), ROOT / "src/transform_sim/scenario/example.yaml"]:
        node, problems = read(file.read_text(encoding="utf-8"), file.name)
        assert node is not None
        assert problems == []
        for path, part in walk(node):
            if isinstance(part.value, str) and path[-1] not in ("title", "source", "note", "description"):
                try:
                    written.add(units.split(part.value)[1])
                except ScalarError:
                    continue
    assert written - {""} <= set(SHIPPED) | set(OTHERS)


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("872 EUR/(t/a)", 872, "EUR/(t/a)"),
        ("3.2 GJ/t", 3.2, "GJ/t"),
        ("4 %/a", 4, "%/a"),
        ("4%", 4, "%"),
        ("-1.73 MWh/t", -1.73, "MWh/t"),
        ("1_500 t", 1500, "t"),
        ("5e3 t", 5000, "t"),
        (" 20 a ", 20, "a"),
        ("inf a", math.inf, "a"),
        ("inf", math.inf, ""),
        (".5 t", 0.5, "t"),
    ],
)
def test_forms_of_a_quantity(text: str, number: float, unit: str) -> None:
    assert units.split(text) == (number, unit)


@pytest.mark.parametrize(
    "unit", ["t**9", "t^99", "2 t", "t/", "(t", "t)", "t//h", "__import__", "t;h", "10^9", "t" * 200]
)
def test_nothing_but_units_is_evaluated(unit: str) -> None:
    with pytest.raises(ScalarError):
        units.read(f"5 {unit}", "t", "EUR2020")


@pytest.mark.parametrize(
    ("text", "unit", "advice"),
    [
        ("5 kw", "MW", "Did you mean 'kW'?"),
        ("5 Mwh/t", "MWh/t", "Did you mean 'MWh'?"),
        ("5 meur/MW", "EUR2020/MW", "Did you mean 'MEUR'?"),
        ("5 EUR/yr", "EUR2020/MWh", "; EUR2020/MWh is expected, or a unit that converts to it"),
        ("5 kg CO2/GJ", "t/MWh", "; t/MWh is expected, or a unit that converts to it"),
        ("5 GWh", "MW", "Did you mean GW?"),
        ("5 MWh", "MW", "MW is expected, or a unit that converts to it"),
        ("5 GWh", "MWh/a", "Did you mean GWh/a?"),
        ("5 EUR/kW/a", "EUR2020/MW", "Did you mean EUR2020/kW?"),
        ("some", "1", "is not a number with a unit, such as '50 %'"),
    ],
)
def test_advice_fits_the_field(text: str, unit: str, advice: str) -> None:
    with pytest.raises(ScalarError) as caught:
        units.read(text, unit, "EUR2020")
    assert str(caught.value).endswith(advice)


def test_a_bare_euro_is_of_the_scenarios_year() -> None:
    assert units.read("100 EUR/t", "EUR2025/t", "EUR2025") == 100
    assert units.read("100 EUR2020/t", "EUR2025/t", "EUR2025") == pytest.approx(100 * H25 / H20)


def test_deflators_as_published() -> None:
    """Ratios of the price index that technology-data publishes its costs with."""
    assert units.factor("EUR2015", "EUR2020") == pytest.approx(1.062, abs=0.001)
    assert units.factor("EUR2019", "EUR2020") == pytest.approx(1.007, abs=0.001)
    assert units.factor("EUR2020", "EUR2025") == pytest.approx(1.257, abs=0.001)


def test_no_money_without_a_rate() -> None:
    assert "EUR1996" in values()
    assert "USD1996" not in values()
    with pytest.raises(ScalarError, match="'USD2025' has no price index or exchange rate"):
        units.read("1 USD2025", "EUR2020", "EUR2020")


def test_capacity_units() -> None:
    assert [units.capacity_unit(u) for u in ("MWh", "kWh", "GJ", "t", "m3")] == ["MW", "kW", "GJ/h", "t/a", "m3/a"]
    assert [units.capacity_hours(u) for u in ("MWh", "GJ", "t")] == [1, 1, 8760]


@given(st.sampled_from(sorted(SHIPPED)), st.sampled_from(sorted(SHIPPED)))
def test_factors_go_back_and_forth(one: str, other: str) -> None:
    one, other = (u.replace("EUR/", "EUR2020/") for u in (one, other))
    try:
        there = units.factor(one, other)
    except ScalarError:
        with pytest.raises(ScalarError):
            units.factor(other, one)
    else:
        assert there * units.factor(other, one) == pytest.approx(1, rel=1e-12)


@given(st.text(max_size=120))
def test_any_text_is_a_number_or_a_plain_refusal(text: str) -> None:
    with suppress(ScalarError):
        assert not math.isnan(units.read(text, "MWh", "EUR2020"))


def test_a_scenario_in_default_units_does_without_pint() -> None:
    code = (
        "import sys; from transform_sim.scenario import loads;"
        "loads('name: a\\nhorizon: {start: 2025, end: 2030}\\nregions: {r: }\\n"
        "commodities: {power: {unit: MWh}, steel: {unit: t}}\\nsupply: {power: {price: 70 EUR/MWh}}');"
        "sys.exit('pint' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
