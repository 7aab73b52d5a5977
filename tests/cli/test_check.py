"""`transform-sim check`: what can be seen without a solver, and money pumps."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .studies import BROKEN, GOOD, INFEASIBLE, call, scenario


def test_tells_the_size_of_the_program(tmp_path: Path) -> None:
    found = call("check", scenario(tmp_path, "good.yaml"))
    assert found.exit_code == 0
    assert "good.yaml: fine" in found.stdout
    # balance and emission balance; purchase and net emission; price has no place in the matrix
    assert re.search(r"program +2 rows, 2 columns, 3 non-zeros", found.stdout)


def test_solves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transform_sim.pipeline.prepare", None)
    assert call("check", scenario(tmp_path, "scarce.yaml", INFEASIBLE)).exit_code == 0


def test_tells_all_problems_at_once(tmp_path: Path) -> None:
    text = BROKEN.replace("price: 100", "price: 100 km")
    found = call("check", scenario(tmp_path, "broken.yaml", text))
    assert found.exit_code == 3
    assert "broken.yaml: 2 problems" in found.stderr
    assert "Did you mean 'demand'?" in found.stderr
    assert "EUR2020/t is expected" in found.stderr


def made(mill: str) -> str:
    """The study with a mill instead of purchases."""
    bought = "supply: {{steel: {{price: 100, emissions: {{co2: 2}}}}}}"
    processes = f"processes: {{{{mill: {{{{unit: t, flows: {{{{steel: 1}}}}, capex: 1, {mill}}}}}}}}}"
    return GOOD.replace(bought, processes).split("variants:")[0]


def test_demand_that_nothing_can_meet_is_a_problem(tmp_path: Path) -> None:
    found = call("check", scenario(tmp_path, "late.yaml", made("existing: {{2000: 50}}, lifetime: 10, earliest: 2030")))
    assert found.exit_code == 3
    assert "steel is demanded in ruhr in 2025, but 'mill' is not available by then or later" in found.stderr


def test_a_base_year_that_does_not_add_up_is_a_note(tmp_path: Path) -> None:
    found = call("check", scenario(tmp_path, "small.yaml", made("existing: 4")))
    assert found.exit_code == 0
    assert "note" in found.stdout
    assert "demand of 2025 is 10 t/a, but what stands can make 4 t/a" in found.stdout


def test_a_plant_without_inputs_is_a_note(tmp_path: Path) -> None:
    found = call(
        "check",
        scenario(tmp_path, "free.yaml", made("").replace("steel: {{unit: t}}", "steel: {{unit: t}}, ore: {{unit: t}}")),
    )
    assert found.exit_code == 0
    assert "mill makes steel and uses nothing" in " ".join(found.stdout.split())


def test_days_that_are_not_shipped_are_told_once_with_their_line(tmp_path: Path) -> None:
    text = GOOD.split("variants:")[0] + "time: {{typical_days: {{count: 1}}}}\n"
    found = call("check", scenario(tmp_path, "days.yaml", text))
    assert found.exit_code == 3
    assert "days.yaml: 1 problem" in found.stderr
    line = text.count("\n")
    assert f":{line}  time.typical_days.count: 1 days are not shipped; write one of 2, 3, 4" in found.stderr


def test_several_are_all_checked(tmp_path: Path) -> None:
    scenario(tmp_path, "a.yaml", BROKEN)
    scenario(tmp_path, "b.yaml")
    found = call("check", tmp_path, "--all-variants")
    assert found.exit_code == 1
    for text in ("b.yaml: fine", "b.yaml (dear): fine", "4 scenarios checked, 2 with problems"):
        assert text in found.stdout
    assert call("check", tmp_path / "b.yaml", "--all-variants").exit_code == 0


def test_a_file_that_is_not_there_is_code_6(tmp_path: Path) -> None:
    found = call("check", tmp_path / "gone.yaml")
    assert (found.exit_code, "gone.yaml" in found.stderr) == (6, True)


PUMP = """\
name: circle
horizon: {start: 2025, end: 2025, step: 1, discount_rate: 0}
regions: {ruhr: {}}
commodities: {h2: {unit: t}, nh3: {unit: t}, co2: {unit: t, kind: emission}}
supply: {h2: {price: 2000}}
demand: {nh3: {amount: 100}}
processes:
  synthesis: {unit: t, flows: {h2: -0.18, nh3: 1}, existing: 1000, latest: 2000}
  cracker: {unit: t, flows: {nh3: -1, h2: 0.17}, existing: 500, latest: 2000}
policies:
  carbon_price: 100
  free_allocation: {nh3: {commodity: nh3, activity_level: 800, benchmark: 1.6}}
variants: {dear: {supply: {h2: {price: 20000}}}}
"""


def test_a_money_pump_is_told_by_name_and_is_a_problem(tmp_path: Path) -> None:
    path = scenario(tmp_path, "circle.yaml", PUMP)
    assert call("check", path).exit_code == 0
    found = call("check", path, "--private", "--quiet")
    assert (found.exit_code, found.stdout) == (3, "")
    for text in (
        "circle.yaml: earns money while nothing is demanded",
        # 500 t of 160 EUR, less the hydrogen that is lost
        "money pump in 2025: 70,000 EUR2020/a in 2025 (free_allocation +80,000, supply_price -10,000)",
        "activity[synthesis, ruhr] 500 t/a; activity[cracker, ruhr] 500 t/a; allocated_output[nh3] 500 t/a",
    ):
        assert text in found.stderr


def test_a_scenario_without_money_pump_is_fine(tmp_path: Path) -> None:
    found = call("check", scenario(tmp_path, "circle.yaml", PUMP), "--private", "--variant", "dear")
    assert found.exit_code == 0
    assert "circle.yaml (dear): fine" in found.stdout
    assert "private   no money pump" in found.stdout
    both = call("check", tmp_path / "circle.yaml", "--private", "--all-variants")
    assert both.exit_code == 1
    assert "circle.yaml: money pump" in both.stdout
    assert "2 scenarios checked, 1 with problems" in both.stdout


def test_what_is_paid_at_a_price_below_zero_is_a_note(tmp_path: Path) -> None:
    paid = GOOD.replace("price: 100,", "price: -100, volume_max: 50,")
    text = paid.replace("unit: t}}, co2", "unit: t, disposal: {{}}}}, co2")
    found = call("check", scenario(tmp_path, "paid.yaml", text), "--private")
    assert found.exit_code == 0
    assert "note      negative price in 2025: 5,000 EUR2020/a in 2025 (supply_price +5,000)" in found.stdout
