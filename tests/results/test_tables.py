"""Tidy tables hold the same numbers, each with its unit."""

from __future__ import annotations

import pytest

import transform_sim as ts
from tests.micro import mini


def test_totals_and_units(each_mini: ts.Results) -> None:
    tables = each_mini.tables()
    assert set(tables) == {
        str(n)
        for n, a in each_mini.data.data_vars.items()
        if "period" in a.dims and not {"hour", "day", "run"} & {*a.dims}
    }
    for name, table in tables.items():
        array = each_mini.data[name]
        assert list(table.columns) == [*map(str, array.dims), "value", "unit"], name
        assert float(table["value"].sum()) == pytest.approx(float(array.sum()), rel=1e-12, abs=1e-12), name
        assert (table["value"] != 0).all()
        assert table["unit"].str.len().gt(0).all(), name
        assert not table["unit"].str.contains("see").any(), name


def test_units_by_line() -> None:
    tables = mini("retrofit_midway").tables()

    def units(name: str, dim: str) -> dict[str, str]:
        return dict(zip(tables[name][dim], tables[name]["unit"], strict=True))

    assert units("capacity", "process") == {"furnace": "t/a", "furnace_ccs": "t/a"}
    assert units("flow", "commodity") == {"steel": "t/a", "coal": "MWh/a", "captured": "t/a"}
    assert units("shadow_price", "commodity") == {
        "steel": "EUR2020/t", "coal": "EUR2020/MWh", "captured": "EUR2020/t"
    }  # fmt: skip
    assert units("mid_conversion", "source") == {"furnace": "t/a"}
    assert units("process_emission", "process") == {"furnace": "t/a", "furnace_ccs": "t/a"}
    assert units("purchase", "supply") == {"coal": "MWh/a", "import": "t/a"}
    assert units("cost", "component")["supply_price"] == "EUR2020"
    assert set(mini("supply_curve").tables()["sale"]["unit"]) == {"MWh/a"}
    assert set(mini("seasonal_cavern").tables()["storage_capacity"]["unit"]) == {"MWh"}
    assert set(mini("two_nodes").tables()["link_capacity"]["unit"]) == {"MW"}
    assert set(mini("emission_budget").tables()["emissions"]["unit"]) == {"t/a"}


def test_one_line_by_hand() -> None:
    table = mini("two_nodes").tables()["link_flow"]
    assert table.to_dict("records") == [
        {"link": "pipeline", "direction": "forward", "period": 2035, "value": pytest.approx(90 * 8760), "unit": "MWh/a"}
    ]
