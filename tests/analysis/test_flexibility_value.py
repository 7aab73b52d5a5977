"""What flexibility saves: solved by hand, never negative, more with more of it, honest where it cannot be told."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from tests.flexible import HOURS, PAPER, SMELTER, site, valley
from tests.micro import load
from transform_sim import Scenario, analysis
from transform_sim.analysis.flexibility_value import flexible
from transform_sim.errors import InfeasibleError, TransformSimError

DAYS = {"typical_days": {"count": 2, "keep": []}}


@cache
def values(which: str) -> pd.DataFrame:
    scenario = site({"typical_days": {"count": 4, "keep": []}}) if which == "site" else valley()
    return analysis.flexibility_value(scenario, progress=False)


def scarce(**sections: object) -> Scenario:
    """12 MW needed in one half of each day and 8 in the other, 10 can be bought: no solution unless 2 MW move."""
    own = {
        "time": DAYS, "profiles": {"need": np.where(HOURS % 24 < 12, 1.2, 0.8).tolist()},
        "commodities": {"electricity": {"unit": "MWh", "kind": "energy", "balance": "hour"}},
        "supply": {"electricity": {"price": 50, "power_max": 10}},
        "demand": {"electricity": {"amount": 87600, "profile": "need"}},
        "flexible_loads": {"works": {"commodity": "electricity", "load": {"ruhr": 4}, "method": "window",
                                     "window": 24, "up": 0.5, "down": 0.5}},
    }  # fmt: skip
    return load(**own | sections)


def test_at_given_prices_each_saves_what_it_earns_alone_and_last() -> None:
    from tests.flexible import solved

    earned = analysis.flexible_use(solved("site")).set_index("name")
    table = values("site").pivot_table(index="name", columns="compared", values="saving")
    profit = earned["revenue"] - earned["cost"]
    for name in ("smelter", "arc_furnace", "paper", "battery"):
        assert table.loc[name, "alone"] == pytest.approx(profit[name], rel=1e-6)
        assert table.loc[name, "last"] == pytest.approx(profit[name], rel=1e-6)
    assert table.loc["all", "together"] == pytest.approx(profit.sum(), rel=1e-6)


def test_flexibility_never_costs_and_more_of_it_saves_more() -> None:
    for which in ("site", "valley"):
        table = values(which)
        together = table.iloc[0]["saving"]
        assert (table["saving"] >= -table["accuracy"]).all()
        assert (table["saving"] <= together + table["accuracy"]).all()
        assert "costs" not in set(table["finding"])


def test_where_prices_answer_things_stand_in_each_others_way() -> None:
    table = values("valley").pivot_table(index="name", columns="compared", values="saving")
    single = table.drop("all")
    assert (single["last"] < single["alone"]).all()
    assert single["alone"].sum() > table.loc["all", "together"] > single["last"].sum()


def test_what_the_proofs_leave_open_is_not_told_apart() -> None:
    row = values("valley").set_index(["name", "compared"]).loc[("paper", "last")]
    assert row["finding"] == "not distinguishable"
    assert abs(row["saving"]) <= row["accuracy"]
    assert 0 < row["accuracy"] < 1.0


def test_yearly_differences_add_to_the_present_value() -> None:
    table = values("valley")  # two periods of five years without discounting, and no capital
    np.testing.assert_allclose(5 * (table[2025] + table[2030]), table["saving"], rtol=1e-9, atol=1e-4)
    assert set(table["unit"]) == {"EUR2020"}


def test_together_alone_takes_two_solves_and_says_the_same() -> None:
    one = analysis.flexibility_value(site({"typical_days": {"count": 4, "keep": []}}), None, progress=False)
    assert list(one["compared"]) == ["together"]
    assert one["saving"].iloc[0] == pytest.approx(values("site")["saving"].iloc[0])


def test_what_a_study_cannot_do_without_is_worth_everything() -> None:
    table = analysis.flexibility_value(scarce(), progress=False)
    assert list(table["compared"]) == ["together", "alone", "last"]
    assert np.isinf(table["saving"]).all()
    assert set(table["finding"]) == {"no solution without"}


def test_what_alone_does_not_suffice_has_no_value_alone() -> None:
    idle = {"commodity": "electricity", "load": {"ruhr": 1}, "method": "window", "window": 24, "up": 0.1, "down": 0.1}
    table = analysis.flexibility_value(scarce().with_({"flexible_loads.idle": idle}), progress=False)
    told = table.set_index(["name", "compared"])
    assert np.isnan(told.loc[("idle", "alone"), "saving"])
    assert told.loc[("idle", "alone"), "finding"] == "no solution with or without"
    assert told.loc[("idle", "last"), "finding"] == "not distinguishable"


def test_a_study_without_solution_raises() -> None:
    with pytest.raises(InfeasibleError):
        analysis.flexibility_value(scarce().with_({"flexible_loads.works.up": 0.1}), progress=False)


def test_only_what_takes_part_counts() -> None:
    scenario = site(DAYS, flexible_loads={"smelter": SMELTER, "paper": PAPER | {"flexibility": "potential"}})
    assert flexible(scenario) == [("smelter", "load"), ("paper", "load"), ("battery", "storage")]
    assert flexible(scenario.with_({"flexibility": "today"})) == [("smelter", "load"), ("battery", "storage")]
    assert flexible(scenario.with_({"storages.battery.flexibility": None}))[-1] == ("paper", "load")


def test_nothing_flexible_is_told() -> None:
    with pytest.raises(TransformSimError, match="nothing flexible takes part at level 'none'"):
        analysis.flexibility_value(site(DAYS, flexibility="none"), progress=False)


def test_a_bar_shows_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    analysis.flexibility_value(site(DAYS, flexible_loads={}), progress=True)
    assert capsys.readouterr().out == ""
