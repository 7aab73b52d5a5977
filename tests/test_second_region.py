"""A second region from the same catalogue: the library knows no region of its own."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

import transform_sim as ts

ROOT = Path(__file__).parents[1]
STUDY = ROOT / "scenarios" / "braunschweig_wolfsburg.yaml"
VARIANTS = (None, "annual", "climate_neutral")
HOME = re.compile("nrw|ruhr", re.IGNORECASE)
MOST_COLUMNS = 15_000


@cache
def scenario(variant: str | None) -> ts.Scenario:
    return ts.load(STUDY, variant=variant)


@cache
def solved(variant: str | None) -> ts.Results:
    return ts.solve(scenario(variant))


def table(name: str) -> list[dict[str, str]]:
    """The rows of a table in `scenarios/data`, read without the library."""
    lines = (ROOT / "scenarios" / "data" / name).read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def test_no_code_names_the_first_region() -> None:
    files = sorted((ROOT / "src").rglob("*.py"))
    found = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()}"
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if HOME.search(line)
    ]
    assert len(files) > 100
    assert not found, "\n".join(found)


def test_the_study_takes_nothing_from_the_first_region() -> None:
    assert not HOME.search(scenario(None).text)
    assert set(scenario(None).regions) == {"salzgitter_peine", "wolfsburg_braunschweig"}
    assert "catalogue/steel.yaml" in scenario(None).where("processes.bf_bof.capex")


def test_every_number_of_the_study_itself_has_a_source() -> None:
    """Free of it are the ones and zeros that say what a thing is, and tables that hold sources of their own."""
    bare = []
    for path, quantity, _ in scenario("climate_neutral").quantities():
        values = {abs(float(v)) for years in quantity.points.values() for v in years.values()}
        own = STUDY.name in scenario("climate_neutral").where(path)
        told = quantity.provenance and quantity.provenance.source and quantity.provenance.quality
        if own and not told and not values <= {0.0, 1.0} and not path.endswith(".existing"):
            bare.append(path)
    assert not bare
    assert all(row["source"] and row["quality"] for row in table("bw_sites.csv"))


@pytest.mark.parametrize("variant", VARIANTS)
def test_it_solves_with_proof_and_stays_small(variant: str | None) -> None:
    results = solved(variant)
    assert results.certificate["ok"], results.certificate["text"]
    assert results.solver["columns"] <= MOST_COLUMNS


def test_the_sites_are_visible_and_add_up_to_the_capacity_that_stands() -> None:
    rows = table("bw_sites.csv")
    seen = {(s.site, s.region, s.process, s.capacity, s.start) for s in scenario(None).sites}
    assert seen == {(r["site"], r["region"], r["process"], float(r["capacity"]), int(r["campaign_year"])) for r in rows}
    totals: dict[tuple[str, str], float] = defaultdict(float)
    for row in rows:
        assert float(row["low"]) <= float(row["capacity"]) <= float(row["high"])
        totals[row["process"], row["region"]] += float(row["capacity"])
    for (process, region), total in totals.items():
        existing = scenario(None).processes[process].existing
        assert existing is not None
        assert sum(map(float, existing.points[region].values())) == pytest.approx(total)


def test_2025_runs_on_what_stands() -> None:
    """Nothing but a little wind and sun is built, and emissions are those that steel is fitted to and of gas for heat:
    TWh of power and steam 0.870 · 2.439, boilers 0.176 and suppliers 0.214 · 1.0753, furnaces 0.141; each · 0.2016."""
    data = solved(None).data
    built = data["new_capacity"].sel(period=2025).sum("region")
    assert {p for p in built.process.values if float(built.sel(process=p)) > 1e-6} <= {"wind", "solar"}
    furnaces = sum(s.capacity for s in scenario(None).sites if s.process == "bf_bof")
    assert float(data["capacity"].sel(process="bf_bof", period=2025).sum()) <= furnaces * (1 + 1e-9)
    emitted = float(data["emissions"].sel(emission="co2", period=2025).sum())
    assert emitted == pytest.approx(8_456_276 + 65_591 + 0.54e6, rel=0.01)  # Climate TRACE, and gas for heat


@pytest.mark.parametrize("variant", VARIANTS)
def test_all_that_is_demanded_is_delivered(variant: str | None) -> None:
    data = solved(variant).data
    heat: dict[str, float] = defaultdict(float)
    for row in table("bw_heat_demand.csv"):
        heat[row["demand"]] += float(row["value"]) * 1e6
    wanted = {"crude_steel": 4.38e6, "sections": 0.82e6, "works_power": 1.62e6} | heat
    assert set(data.demand.values) == set(wanted)
    for name, amount in wanted.items():
        served = data["served_demand"].sel(demand=name).sum("node").values
        assert served == pytest.approx(amount), name
    steel = data["activity"].sel(process=["bf_bof", "bf_bof_ccs", "dri_eaf", "dri_eaf_ccs", "scrap_eaf", "hbi_eaf"])
    assert steel.sum(["process", "mode", "region"]).values == pytest.approx(4.38e6)
    assert data["activity"].sel(process="sections_eaf").sum(["mode", "region"]).values == pytest.approx(0.82e6)


def test_heat_follows_from_heads() -> None:
    for row in table("bw_heat_demand.csv"):
        assert float(row["value"]) == pytest.approx(float(row["national"]) * int(row["heads"]) / 970_000, abs=1e-4)


def test_the_cap_is_kept_and_costs_something() -> None:
    capped, free = solved("climate_neutral"), solved(None)
    emitted = {r: r.data["emissions"].sel(emission="co2").sum("node") for r in (capped, free)}
    for year, cap in {2030: 7.0e6, 2035: 4.5e6, 2040: 1.5e6, 2045: 0.0}.items():
        assert float(emitted[capped].sel(period=year)) <= cap + 1.0
    assert float(emitted[free].sel(period=2045)) > 1e6
    assert capped.objective > free.objective
