"""docs/flexibility.md: its examples solve, and what it says of sizes, seams and results is so."""

from __future__ import annotations

import ast
import re
from typing import Any

import pytest

import transform_sim as ts
from tests.micro import ROOT
from tests.oracle.strategies import as_yaml
from transform_sim import analysis
from transform_sim.scenario.flexibility import FlexibleLoad
from transform_sim.scenario.reader import read
from transform_sim.scenario.tree import plain

PAGE = (ROOT / "docs" / "flexibility.md").read_text(encoding="utf-8")
LOAD = {"commodity": "electricity", "load": 10, "up": 0.2, "down": 0.2}
COLUMNS = {
    "2": {**LOAD, "method": "window", "window": 24},
    "3": {**LOAD, "method": "battery", "energy": 4},
    "2 + 2 per delay, + 2 with `duration`": {**LOAD, "method": "gils", "delays": [4, 8], "duration": 2},
    "2 + 2 L": {**LOAD, "method": "zerrahn_schill", "delay": 4},
    "1 per step": {"commodity": "electricity", "load": 10, "method": "none", "sheds": [{"cost": 90}, {"cost": 95}]},
}
"""A load for each size that the page names."""
COUNTED = {"2": 2, "3": 3, "2 + 2 per delay, + 2 with `duration`": 8, "2 + 2 L": 10, "1 per step": 2}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE)


def works(**sections: Any) -> ts.Scenario:
    """Works that buy power by the hour, with a smelter, an arc furnace and a cold store; sections are merged in."""
    power = {"from": "catalogue", "balance": "hour"}
    bought = ("alumina", "scrap", "lime", "natural_gas", "clinker", "slag", "gypsum")
    made = ("aluminium", "crude_steel", "cement")
    more = ("co2", "copper_room")
    base: dict[str, Any] = {
        "name": "works", "horizon": {"start": 2025, "end": 2025, "step": 1, "discount_rate": 0.0},
        "time": {"typical_days": {"count": 2, "keep": []}}, "profiles": {"spot": "package:de_2025/price"},
        "regions": {"works": {}},
        "commodities": {"electricity": power, **{c: {"from": "catalogue"} for c in (*bought, *made, *more)}},
        "processes": {
            "aluminium_smelter": {"from": "catalogue", "existing": 10e3, "latest": 2024, "reinvest": None,
                                  "retrofits": None},
            "scrap_eaf": {"from": "catalogue", "existing": 100e3, "latest": 2024,
                          "modes": {"biocarbon": None, "old_scrap": None, "old_scrap_biocarbon": None}},
        },
        "supply": {"electricity": {"price": 80, "price_profile": "spot"}, **{c: {"price": 0} for c in bought}},
        "demand": {"electricity": {"amount": 876e3}, "aluminium": {"amount": 9e3}, "crude_steel": {"amount": 90e3}},
    }  # fmt: skip
    for name, section in sections.items():
        known = base.get(name)
        base[name] = {**known, **section} if isinstance(known, dict) and name != "time" else section
    return ts.loads(as_yaml(base))


def columns(**sections: Any) -> int:
    return int(ts.solve(works(**sections)).solver["columns"])


@pytest.mark.parametrize("text", blocks("yaml"), ids=lambda t: " ".join(re.findall(r"^  (\w+):", t, re.M)) or t[:20])
def test_examples_load_and_change_the_study(text: str) -> None:
    node, problems = read(text, "docs/flexibility.md")
    assert not problems
    assert node is not None
    sections: dict[str, Any] = plain(node)
    found, before = ts.solve(works(**sections)), ts.solve(works())
    assert found.certificate["ok"]
    assert found.objective != pytest.approx(before.objective, rel=1e-9)
    if set(sections) <= {"flexible_loads", "flexibility"}:
        assert found.objective < before.objective


@pytest.mark.parametrize("size", COLUMNS)
def test_a_method_is_as_large_as_the_table_says(size: str) -> None:
    assert f"| {size} |" in PAGE
    added = columns(flexible_loads={"one": COLUMNS[size]}) - columns()
    assert added == COUNTED[size] * 48  # two representative days


def test_every_method_and_key_is_named() -> None:
    named = set(re.findall(r"`(?:method: )?(\w+)`", PAGE)) | set(re.findall(r"^ +(\w+):", PAGE, flags=re.MULTILINE))
    told_elsewhere = {"title", "source", "profile", "regions", "up_profile", "down_profile"}
    assert set(FlexibleLoad.model_fields) - told_elsewhere <= named
    assert {load["method"] for load in COLUMNS.values()} <= named


def test_seams_of_representative_days_are_as_told() -> None:
    loads = {
        "long": {**LOAD, "method": "window", "window": 72},
        "far": {**LOAD, "method": "zerrahn_schill", "delay": 48},
        "later": {**LOAD, "method": "gils", "delays": [4, 24]},
        "level": {**LOAD, "method": "battery"},
    }
    found = ts.solve(works(flexible_loads=loads))
    told = " ".join(found.warnings)
    for words in ("long evens out within 24 h", "far is shifted by 12 h at most", "later is not shifted by 24 h"):
        assert words in told
    level = found.shift_level_hour.sel(load="level").squeeze().values.reshape(-1, 24)
    change = (found.shift_up_hour - found.shift_down_hour).sel(load="level").squeeze().values.reshape(-1, 24)
    assert change.sum(axis=1) == pytest.approx(0, abs=1e-6)
    assert level[:, 1:] - level[:, :-1] == pytest.approx(change[:, 1:], abs=1e-6)


def test_nothing_is_shifted_where_hours_have_no_order() -> None:
    shed = {**COLUMNS["1 per step"]}
    assert columns(time="annual", flexible_loads={"one": COLUMNS["3"]}) == columns(time="annual")
    slices = {"slices": {"dear": {"share": 0.1}, "cheap": {"share": 0.9}}}
    spot = {"spot": {"dear": 3.0, "cheap": 0.7778}}
    found = ts.solve(works(time=slices, profiles=spot, flexible_loads={"one": shed, "two": COLUMNS["3"]}))
    assert float(found.shed.sum()) == pytest.approx(10 * 876)
    assert "shift_up" not in found.data


def test_results_hold_what_the_page_names() -> None:
    found = ts.solve(works(flexible_loads={"one": {**COLUMNS["3"], "cost_down": 1, "sheds": [{"cost": 150}]}}))
    section = PAGE.split("## What the results hold")[1].split("```")[0]
    named = re.findall(r"`([a-z]+_[a-z_]+|shed)`", section)
    assert {"flexible_use", "shift_up", "shift_down", "shed", "shift_level_hour"} <= set(named)
    components = set(found.cost["component"].values)
    assert [n for n in named if n not in found.data and n not in components] == []
    assert all(f"{n}_hour" in found.data for n in ("flexible_use", "shift_up", "shift_down", "shed"))


def test_python_examples_name_what_there_is() -> None:
    code = "\n".join(blocks("python"))
    ast.parse(code)
    homes = {"analysis": analysis, "plots": ts.plots}
    names = re.findall(r"\b(analysis|plots)\.(\w+)", PAGE)
    assert ("analysis", "cheapest_regulation") in names
    assert [f"{home}.{name}" for home, name in names if not hasattr(homes[home], name)] == []
    also = re.findall(r"# over the day; also ([\w, ]+)", PAGE)[0].split(", ")
    assert [name for name in also if not hasattr(ts.plots, name)] == []
