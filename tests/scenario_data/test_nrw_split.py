"""The rules by which tools/build_nrw.py splits production and heat, on numbers made by hand."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import pytest

from tests.micro import ROOT

sys.path.insert(0, str(ROOT / "tools"))
from nrw import document, heat, sites


def test_years_are_spread_over_the_cycle() -> None:
    years = sites.spread_years(40, 20)
    assert min(years) == 2006
    assert max(years) == 2024
    assert all(9 <= sum(start <= y < start + 5 for y in years) <= 12 for start in (2006, 2010, 2015, 2020))
    assert years[:8] == sites.spread_years(8, 20)


def test_the_largest_are_not_renewed_together() -> None:
    first = sorted(sites.spread_years(4, 25))
    assert min(b - a for a, b in pairwise(first)) >= 3


def test_capacity_is_rounded_up() -> None:
    row = sites.SiteRow("s", "ruhr", "p", 1234.01, "t/a", 2010, "assumed", "", "running", "computed", "")
    heated = sites.SiteRow("s", "ruhr", "p", 12.301, "MW", 2010, "assumed", "", "running", "computed", "")
    assert [r.capacity for r in sites.rounded([row, heated])] == [1300.0, 12.4]


def test_what_remains_is_balance_less_named() -> None:
    books = {a.group: a for a in heat.accounts({"natural gas": 10.0, "hard coal (raw)": 5.0}, {"natural gas": 4.0})}
    assert books["natural gas"].rest == pytest.approx(6.0)
    assert books["steelworks"].rest == 0.0


def test_more_use_than_balance_is_refused() -> None:
    with pytest.raises(ValueError, match=r"use 11\.000 TWh of natural gas, the balance has 10\.000"):
        heat.accounts({"natural gas": 10.0}, {"natural gas": 11.0})


def test_an_unknown_carrier_is_refused() -> None:
    with pytest.raises(ValueError, match="peat"):
        heat.accounts({"natural gas": 10.0, "peat": 1.0}, {})


def test_heat_by_level_keeps_the_energy() -> None:
    """Gas, half below 100 °C and half above 500 °C: 0.93 and 1 are useful, 30 % of the low heat is small firms'."""
    use = {
        ("Other Industry", carrier, level): 1.0
        for carrier in heat.TABLE.values()
        for level in ("space_heating", "process_heating_500+")
    }
    found = heat.heat_by_level([heat.Account(g, 10.0 if g == "natural gas" else 0.0, 0.0) for g in heat.GROUPS], use)
    assert found["natural gas", "heat_100"] == pytest.approx(5 * 0.93 * 0.7)
    assert found["natural gas", "sme_heat"] == pytest.approx(5 * 0.93 * 0.3)
    assert found["natural gas", "heat_1000"] == pytest.approx(5.0)
    assert sum(found.values()) == pytest.approx(5 * 0.93 + 5.0)


def test_purchased_heat_of_chemicals_is_steam() -> None:
    use = {
        ("Chemical and Petrochemical", "District heating", "process_heating_0_100"): 3.0,
        ("Other Industry", "District heating", "process_heating_0_100"): 1.0,
        ("Paper, Pulp and Printing", "District heating", "process_heating_0_100"): 9.0,
    }
    shares = heat.level_shares("purchased heat", use)
    assert shares == {"heat_100": 0.25, "heat_200": 0.75, "heat_500": 0.0, "heat_1000": 0.0}


def test_tables_in_the_readme_are_replaced(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"a\n{document.BASE_YEAR}\nb\n{document.BALANCE}\nc\n", encoding="utf-8")
    demand = [
        {"demand": "heat_100", "region": "ruhr", "value": 1.5},
        {"demand": "heat_100", "region": "rest", "value": 2},
    ]
    for _ in range(2):
        document.update(readme, [], [heat.Account("oil", 3.0, 1.0)], demand)
    text = readme.read_text(encoding="utf-8")
    assert text.count("| oil | 3.00 | 1.00 | 2.00 |") == 1
    assert text.count("| heat_100 | 1.50 | 2.00 | 3.50 |") == 1
    assert text.startswith("a\n")
    assert text.endswith("c\n")
