"""What an opened sweep says about its axes, and its cases solved once more."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import transform_sim as ts
from tests.cli.studies import scenario as study
from tests.sweep.small import TWO_ROUTES, planned
from transform_sim.errors import InfeasibleError, ModelError, TransformSimError
from transform_sim.sweeps.axes import Axis, apart, quantities
from transform_sim.sweeps.opened import Sweep, open_sweep
from transform_sim.sweeps.run import run

AGREE = 1e-6


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    """A grid of carbon price (factors), coal price (numbers) and demand (texts)."""
    folder = tmp_path_factory.mktemp("sweep")
    run(planned(), folder)
    return open_sweep(folder)


def test_axes_say_what_they_move(opened: Sweep, tmp_path: Path) -> None:
    said = {name: opened.data[name].attrs for name in ("carbon", "supply.coal.price", "steel")}
    assert {name: (a["kind"], a["paths"], a.get("units")) for name, a in said.items()} == {
        "carbon": ("scale", "policies.carbon_price", "1"),
        "supply.coal.price": ("set", "supply.coal.price", "EUR2020/MWh"),
        "steel": ("set", "demand.steel.amount", None),
    }
    assert said["carbon"]["long_name"] == "factor on policies.carbon_price"
    opened.data.to_netcdf(tmp_path / "sweep.nc", engine="h5netcdf")


def test_kept_quantities_are_offered_as_attributes(opened: Sweep) -> None:
    assert {"emissions", "activity", "objective", "solve"} <= set(dir(opened))
    html = opened._repr_html_()
    assert html.count("<tr>") == 6
    assert "12 optimal" in html


def test_a_case_solved_again_costs_what_is_stored(opened: Sweep) -> None:
    for case in (0, 5, 11):
        stored = opened.cases["objective"][case]
        results = opened.solve(case)
        assert results.objective == pytest.approx(stored, rel=AGREE)
        assert results.name == f"{ts.load(TWO_ROUTES).name}-case-{case}"
    table = ts.compare([opened.solve(0), opened.solve(11)])
    assert table.loc["cost"].iloc[0, :2].tolist() == pytest.approx(opened.cases["objective"][[0, 11]].tolist())


def test_a_case_is_found_by_its_point(opened: Sweep) -> None:
    case = opened.cases.query("carbon == 2.0 and steel == '1 Mt/a' and `supply.coal.price` == 15").index[0]
    at = {"carbon": 2, "steel": "1 Mt/a", "supply.coal.price": 15.0}
    assert opened.scenario(**at).name.endswith(f"-case-{case}")
    price = quantities(opened.scenario(**at))["supply.coal.price"]
    assert next(iter(price.items()))[2] == 15


@pytest.mark.parametrize(
    ("case", "at", "said"),
    [
        (12, {}, "there is no case 12; they are numbered 0 … 11"),
        (-1, {}, "there is no case -1"),
        (3, {"carbon": 2}, "not both"),
        (None, {"carbn": 2}, "there is no axis 'carbn'; there is carbon, supply.coal.price, steel"),
        (None, {"carbon": 3}, r"no such case has carbon 3; there is 0\.5, 1\.0, 2\.0"),
        (None, {"steel": "2 Mt/a"}, r"no such case has steel '2 Mt/a'; there is 0\.5 Mt/a, 1 Mt/a"),
        (None, {"carbon": 2}, r"4 cases are there \(8, 9, 10, 11\); say which by supply\.coal\.price, steel"),
    ],
)
def test_a_case_that_is_not_there_is_told(opened: Sweep, case: int | None, at: dict[str, object], said: str) -> None:
    with pytest.raises(ModelError, match=said):
        opened.solve(case, **at)


def test_a_case_without_solution_says_why_again(tmp_path: Path) -> None:
    axes = {"most": {"set": "supply.steel.volume_max", "values": [4, 20]}}
    swept = ts.sweep(study(tmp_path, "good.yaml"), axes, out=tmp_path / "out", progress=False)
    assert swept.cases["status"].tolist() == ["infeasible", "optimal"]
    with pytest.raises(InfeasibleError, match="has no solution"):
        swept.solve(most=4)
    assert swept.solve(most=20).objective == pytest.approx(swept.cases["objective"][1])


def test_another_cost_than_the_stored_one_is_an_error(opened: Sweep) -> None:
    cases = opened.cases.copy()
    cases["objective"] *= 1.01
    other = Sweep(opened.folder, opened.manifest)
    other.__dict__["cases"] = cases
    with pytest.raises(TransformSimError, match=r"case 3 costs .* is stored: if the sweep had constraints of its own"):
        other.solve(3)


def test_tables_of_the_study_are_looked_up_and_may_not_change(tmp_path: Path) -> None:
    text = TWO_ROUTES.read_text(encoding="utf-8").replace("15 EUR/MWh", "{table: coal.csv}")
    (tmp_path / "study.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "coal.csv").write_text("value,unit\n15,EUR/MWh\n", encoding="utf-8")
    axes = {"carbon": {"scale": "policies.carbon_price", "values": [1.0, 2.0]}}
    swept = ts.sweep(tmp_path / "study.yaml", axes, out=tmp_path / "out", progress=False)
    assert swept.solve(carbon=2).objective == pytest.approx(swept.cases["objective"][1], rel=AGREE)
    with pytest.raises(TransformSimError, match="give root"):
        ts.open_sweep(tmp_path / "out").solve(0)
    assert ts.open_sweep(tmp_path / "out", root=tmp_path).solve(0).objective > 0
    (tmp_path / "coal.csv").write_text("value,unit\n16,EUR/MWh\n", encoding="utf-8")
    with pytest.raises(ModelError, match="other tables"):
        ts.open_sweep(tmp_path / "out", root=tmp_path).solve(0)


def test_axes_are_kept_whole() -> None:
    axis = Axis("x", "set", ("a", "b.2030"), (({2025: 1.5, 2030: [1, "2 t"]}, None), (np.float64(3), "inf")))
    again = Axis.kept("x", axis.described({}))
    assert again.levels == (({2025: 1.5, 2030: [1, "2 t"]}, None), (3.0, "inf"))
    assert (again.kind, again.paths, again.labels) == (axis.kind, axis.paths, axis.labels)


def test_names_are_set_apart() -> None:
    assert apart(["x", "gas"], {"x"}) == {"x": "x_axis", "gas": "gas"}
    assert apart(["x", "x_axis"], {"x"}) == {"x": "x_axis_axis", "x_axis": "x_axis"}


def test_axes_may_be_called_like_columns_of_the_cases(tmp_path: Path) -> None:
    axes = {"status": {"scale": "policies.carbon_price", "values": [1.0, 2.0]}}
    swept = ts.sweep(TWO_ROUTES, axes, out=tmp_path, progress=False)
    assert swept.cases["status_axis"].tolist() == [1.0, 2.0]
    assert swept.cases["status"].tolist() == ["optimal", "optimal"]
    assert swept.solve(status=2.0).objective == pytest.approx(swept.objective.sel(status_axis=2.0).item())
