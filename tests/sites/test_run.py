"""Many cases: the same as one by one, the same bytes whoever solves them, and errors that say what to give."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import transform_sim as ts
from transform_sim.errors import ModelError, TransformSimError
from transform_sim.sites.direct import Sorted, Store
from transform_sim.sites.work import Running, prepared
from transform_sim.sweeps.progress import silent
from transform_sim.sweeps.run import perform

from .plants import HOURS, electrolyser, mill, shipped, works, years


def bytes_of(folder: Path) -> dict[str, str]:
    files = [folder / "manifest.json", *sorted((folder / "chunks").iterdir())]
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


@pytest.mark.parametrize("make", [electrolyser, mill, lambda: electrolyser(stores=["tank"])])
def test_each_case_is_what_the_site_gives_when_solved_alone(make: Any) -> None:
    site, prices = make(), years(3, seed=5)
    found = site.run({"electricity": prices}, progress=False)
    assert (found.data["status"] == "optimal").all()
    alone = [site.solve(electricity=price) for price in prices]
    np.testing.assert_allclose(found.objective, [r.objective for r in alone], rtol=1e-6)
    assert all(r.certificate["ok"] for r in alone)


def test_the_simplex_is_not_needed_for_a_product_of_the_year_or_a_store_without_losses() -> None:
    assert isinstance(prepared(electrolyser()._plant).way, Sorted)
    assert isinstance(prepared(mill()._plant).way, Store)
    assert isinstance(prepared(electrolyser(stores=["tank"])._plant).way, Store)
    assert prepared(electrolyser(stores=["leaky"])._plant).way is None


def test_modes_that_make_the_same_are_chosen_hour_by_hour() -> None:
    dual = works().with_({
        "processes.mill.modes": {"plain": {}, "lean": {"flows": {"clinker": 0.25, "electricity": -0.05}}},
    })  # fmt: skip
    prices = {"electricity": shipped(), "clinker": 14.0}
    site = ts.site(dual, "mill", prices=prices, demand={"cement": 600e3}, stores=["silo"])
    # `lean` saves 0.25 t clinker of 14 EUR/t for 0.05 MWh more: worth it below 70 EUR/MWh
    found = site.run({"electricity": years(2)}, progress=False)
    assert found.method.values.tolist() == ["direct: store, hour after hour"] * 2
    np.testing.assert_allclose(
        found.objective, [site.solve(electricity=p).objective for p in years(2)], rtol=1e-9
    )  # fmt: skip
    assert ((found.bought.sel(commodity="clinker") > 300e3) & (found.bought.sel(commodity="clinker") < 450e3)).all()


def test_levels_spreads_and_carbon_prices_make_a_grid() -> None:
    site = ts.site(works(), "mill", prices={"electricity": shipped(), "clinker": 60}, demand={"cement": 600e3})
    found = site.run(site.cases(level=[0.5, 1], spread=[0, 1, 2], carbon_price=[0, 100]), progress=False)
    assert dict(found.objective.sizes) == {"level": 2, "spread": 3, "carbon_price": 2}
    # without spread every hour costs the mean
    flat = found.cost.sel(item="electricity", spread=0, carbon_price=0).values
    np.testing.assert_allclose(flat, np.array([0.5, 1]) * shipped().mean() * 0.05 * 600e3, rtol=1e-9)
    assert (np.diff(found.objective.sel(carbon_price=0), axis=1) < 0).all()


def test_carbon_prices_move_the_cost_of_what_emits() -> None:
    site = ts.site(works(), "boiler", region="coast", prices={"gas": shipped()}, demand={"hydrogen": 200_000})
    found = site.run({"carbon_price": np.array([0.0, 80.0, 250.0])}, progress=False)
    np.testing.assert_allclose(found.cost.sel(item="carbon_price"), np.array([0, 80, 250]) * 50_000)
    np.testing.assert_allclose(found.emissions, 50_000)


def test_a_table_names_its_cases() -> None:
    table = pd.DataFrame(years(3).T, columns=["low", "high", 2025])
    found = electrolyser().run(table, progress=False)
    assert found.cases["prices"].tolist() == ["low", "high", "2025"]
    np.testing.assert_array_equal(
        found.objective, electrolyser().run({"electricity": years(3)}, progress=False).objective
    )


def test_one_year_is_one_case_however_it_is_given() -> None:
    site, price = electrolyser(), shipped()
    at_hours = pd.Series(price, pd.date_range("2025-01-01", periods=HOURS, freq="h"))
    for given in (price, list(price), at_hours, at_hours[::-1].to_frame("2025"), {"electricity": price}):
        assert site.run(given, progress=False).objective.item() == pytest.approx(site.solve().objective, rel=1e-9)
    assert site.run({"electricity": 50.0}, progress=False).objective.shape == (1,)
    assert "Folder" not in repr(site.run(price, progress=False))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_one_and_two_workers_store_the_same_bytes(tmp_path: Path) -> None:
    site, prices = electrolyser(stores=["tank"]), {"electricity": years(12)}
    for workers in (1, 2):
        site.run(prices, out=tmp_path / str(workers), keep="hourly", workers=workers, progress=False)
    assert bytes_of(tmp_path / "1") == bytes_of(tmp_path / "2")
    assert len(bytes_of(tmp_path / "1")) == 1 + 2


def test_what_was_stopped_goes_on_and_ends_with_the_same_bytes(tmp_path: Path) -> None:
    site, prices = electrolyser(), {"electricity": years(12)}

    def interrupt(total: int, before: int, tally: Any, seconds: float) -> None:
        if tally.cases:
            raise KeyboardInterrupt

    whole = site.run(prices, out=tmp_path / "whole", keep="hourly", progress=False)
    task = Running.of(site._plant, site._listed(prices), "hourly", site.scenario.name)
    with pytest.raises(KeyboardInterrupt):
        perform(task, tmp_path / "stopped", watch=interrupt)
    assert not ts.open_site(tmp_path / "stopped").complete
    perform(task, tmp_path / "stopped", watch=silent)
    assert bytes_of(tmp_path / "stopped") == bytes_of(tmp_path / "whole")
    assert whole.complete


def test_other_prices_do_not_go_into_the_same_folder(tmp_path: Path) -> None:
    electrolyser().run({"electricity": years(2)}, out=tmp_path, progress=False)
    with pytest.raises(TransformSimError, match="holds another sweep"):
        electrolyser().run({"electricity": years(2) + 1}, out=tmp_path, progress=False)


def test_some_cases_are_solved_again_by_the_simplex(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transform_sim.sites.work.is_checked", lambda _, case: case % 2 == 0)
    found = electrolyser().run({"electricity": years(3)}, progress=False)
    assert np.isnan(found.deviation.values).tolist() == [False, True, False]
    assert np.nanmax(found.deviation) < 1e-9


def test_cases_that_do_not_fit_are_refused_with_what_to_give() -> None:
    site = mill()
    with pytest.raises(ModelError) as caught:
        site.run({"electricity": np.ones((3, 8784)), "clinker": np.ones(2), "cement": "dear"}, progress=False)
    assert "electricity: has shape (3, 8784); give (cases, 8,760) or (cases,)" in str(caught.value)
    assert "cement: 'dear' is no price" in str(caught.value)
    with pytest.raises(ModelError, match=r"turn the table"):
        site.run({"electricity": np.ones((HOURS, 3))}, progress=False)
    with pytest.raises(ModelError, match=r"different numbers of cases: 2, 3"):
        site.run({"electricity": np.ones((2, HOURS)), "clinker": np.ones(3)}, progress=False)
    prices = np.ones((2, HOURS))
    prices[1, 7] = np.nan
    with pytest.raises(ModelError, match=r"1 of 17,520 values are no numbers, the first at 1, 7"):
        site.run({"electricity": prices}, progress=False)
    with pytest.raises(ModelError, match=r"clinker: hourly prices, but the site has one for the whole year"):
        site.run({"clinker": np.ones((1, HOURS))}, progress=False)
    with pytest.raises(ModelError, match=r"no price of 'electricty' can be varied. Did you mean 'electricity'"):
        site.run({"electricty": np.ones(2)}, progress=False)
    with pytest.raises(ModelError, match=r"give annual or hourly"):
        site.run({"clinker": np.ones(2)}, keep="all", progress=False)
    with pytest.raises(ModelError, match=r"electricity: has shape \(0, 8760\); give \(cases, 8,760\)"):
        site.run({"electricity": np.ones((0, HOURS))}, progress=False)
    with pytest.raises(ModelError, match=r"level: \[\] are no numbers; give one or more"):
        site.cases(level=[])
    with pytest.raises(ModelError, match=r"no hourly prices of 'clinker'"):
        site.cases("clinker")
    found = site.run({"clinker": np.ones(2)}, progress=False)
    with pytest.raises(ModelError, match=r"prices of a case are not kept"):
        found.solve(0)


def test_a_case_without_solution_does_not_end_the_others() -> None:
    site = electrolyser(demand={"hydrogen": 0.7 * 100 * HOURS * 0.4}, minimum_load=0.5)
    found = site.run({"electricity": np.array([50.0, 60.0])}, progress=False)
    assert found.data["status"].values.tolist() == ["infeasible", "infeasible"]
