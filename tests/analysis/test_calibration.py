"""Calibration: rows add up, kinds follow by rule, and a register that contradicts itself is refused."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.micro import solve
from transform_sim.analysis import calibration
from transform_sim.errors import FilesError, TransformSimError
from transform_sim.results import Results


@cache
def works() -> Results:
    """Two furnaces (1.0 t CO₂ per t), a kiln (0.5) and a power plant (0.1) that no permit below holds."""

    def plant(product: str, carbon: float, **more: object) -> dict[str, object]:
        return {"unit": "t", "sector": "metals", "flows": {product: 1}, "auxiliary_carbon": carbon, **more}

    return solve(
        regions={"north": {}, "south": {}},
        commodities={"steel": {"unit": "t"}, "lime": {"unit": "t", "area": "all"},
                     "power": {"unit": "t", "area": "all"}, "co2": {"unit": "t", "kind": "emission"}},
        processes={"furnace": plant("steel", 1.0), "kiln": plant("lime", 0.5, regions=["north"]),
                   "station": plant("power", 0.1, regions=["south"])},
        demand={"steel": {"amount": {"north": 2e6, "south": 1e6}}, "lime": {"amount": 4e6}, "power": {"amount": 5e6}},
    )  # fmt: skip


def register(**changed: list[object]) -> pd.DataFrame:
    columns: dict[str, list[object]] = {
        "sector": ["metals", "metals", "minerals"],
        "product": ["steel, north", "steel, south", "lime"],
        "activity": ["furnace@north", "furnace@south", "kiln"],
        "emitters": ["furnace@north", "furnace@south", "kiln"],
        "independent": ["yes", "no", "yes"],
        "fitted": ["", "activity", "emissions"],
        "source": ["statistics", "register", "statistics"],
        "boundary": ["all", "all", "kilns alone"],
        "difference": ["", "", "half of the kilns have other permits"],
        "verified": [1.9e6, 1.0e6, 1.0e6],
    }
    return pd.DataFrame(columns | changed)


def test_rows_hold_what_plants_make_and_emit_in_their_place() -> None:
    table = calibration(works(), register())
    assert list(table["kind"]) == ["validation", "fitted", "fitted", "outside"]
    np.testing.assert_allclose(table["activity"][:3], [2e6, 1e6, 4e6])
    np.testing.assert_allclose(table["modelled"], [2.0, 1.0, 2.0, 0.5])
    np.testing.assert_allclose(table["deviation"][:3], [100 * (2.0 / 1.9 - 1), 0.0, 100.0], atol=1e-6)
    assert list(table["unit"][:3]) == ["t/a"] * 3
    assert list(table["product"])[-1] == "station"
    assert table["verified"].isna().tolist() == [False, False, False, True]


def test_what_is_modelled_adds_up_to_the_net_emission() -> None:
    table = calibration(works(), register())
    assert table["modelled"].sum() * 1e6 == pytest.approx(float(works().emissions.sum()))


def test_a_deviation_beyond_ten_per_cent_is_explained_or_says_that_it_is_not() -> None:
    assert list(calibration(works(), register())["explanation"]) == ["", "", "half of the kilns have other permits", ""]
    silent = calibration(works(), register(difference=["", "", ""]))
    assert list(silent["explanation"]) == ["", "", "unexplained", ""]


def test_a_row_that_is_all_residual_is_of_its_own_kind() -> None:
    table = calibration(works(), register(independent=["yes", "no", "no"], fitted=["", "activity", "residual"]))
    assert list(table["kind"])[:3] == ["validation", "fitted", "residual"]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"independent": ["yes", "yes", "yes"]}, "steel, south: the activity is either independent or fitted"),
        ({"independent": ["no", "no", "yes"]}, "steel, north: the activity is either independent or fitted"),
        ({"independent": ["perhaps", "no", "yes"]}, "'perhaps', not yes or no"),
        ({"emitters": ["furnace", "furnace@south", "kiln"]}, "stands in two rows, the second is steel, south"),
        ({"emitters": ["furnace@west", "furnace@south", "kiln"]}, "'furnace@west' of steel, north is nothing"),
        ({"activity": ["furnaces", "", "kiln"]}, "'furnaces' of steel, north is nothing"),
    ],
)
def test_a_register_that_contradicts_itself_is_refused(changed: dict[str, list[object]], told: str) -> None:
    with pytest.raises(TransformSimError, match=told):
        calibration(works(), register(**changed))


def test_a_missing_column_file_or_period_is_named(tmp_path: Path) -> None:
    with pytest.raises(TransformSimError, match="column boundary is missing"):
        calibration(works(), register().drop(columns="boundary"))
    with pytest.raises(FilesError, match=r"no_register\.csv"):
        calibration(works(), tmp_path / "no_register.csv")
    with pytest.raises(TransformSimError, match="no period 2030"):
        calibration(works(), register(), period=2030)


def test_a_file_gives_what_its_table_gives(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_text("# verified emissions\n" + register().to_csv(index=False), encoding="utf-8")
    pd.testing.assert_frame_equal(calibration(works(), path), calibration(works(), register()))
