"""The figure of who pays whom, read back."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from matplotlib.axes import Axes

import transform_sim as ts
from tests.micro import ROOT, solve
from transform_sim import plots


@cache
def everything() -> ts.Results:
    return ts.solve(ROOT / "tests" / "policies" / "all_policies.yaml", method="simplex")


def heights(ax: Axes) -> dict[str, np.ndarray]:
    return {str(c.get_label()): np.array([p.get_height() for p in c.patches]) for c in ax.containers}


def test_bars_are_the_payments_and_add_to_zero_over_actors() -> None:
    r = everything()
    drawn = heights(plots.incidence(r))
    f = r.incidence
    state = f[(f["actor"] == "state") & (f["component"] == "carbon_price")].groupby("period")["amount"].sum()
    np.testing.assert_allclose(drawn["carbon price"][:4], state.to_numpy() / 1e6)
    for values in drawn.values():
        assert values.reshape(-1, 4).sum(axis=0) == pytest.approx([0] * 4, abs=1e-9)


def test_the_title_says_what_the_state_takes_net() -> None:
    r = everything()
    f = r.incidence
    own = f[(f["actor"] == "state") & (f["period"] == 2025) & (f["kind"] == "transfer")]  # a cap moves no money itself
    title = plots.incidence(r).get_title(loc="left").replace("\n", " ")
    assert title.startswith(f"The state pays {-own['amount'].sum() / 1e6:.2f}\u00a0m\u00a0EUR2025/a net in 2025")


def test_money_is_per_unit_of_a_product() -> None:
    whole, per = heights(plots.incidence(everything())), heights(plots.incidence(everything(), "steel"))
    np.testing.assert_allclose(per["carbon price"], whole["carbon price"])  # a million t, in millions
    ax = plots.incidence(everything(), "steel")
    assert ax.get_ylabel().replace("\n", " ") == "Received and paid, EUR2025/t"
    with pytest.raises(plots.NotApplicableError, match="nobody demands 'coal'"):
        plots.incidence(everything(), "coal")


def test_it_speaks_german() -> None:
    with plots.language("de"):
        ax = plots.incidence(everything(), "steel")
    assert ax.get_title(loc="left").startswith("Der Staat zahlt 2025 netto")
    assert {"CO₂-Preis", "Klimaschutzverträge", "kostenlose Zuteilung"} <= set(heights(ax))


@pytest.mark.parametrize(
    ("price", "starts"), [(30, "The state takes 600 EUR2020/a net"), (0, None), ({2025: 30}, "The state takes")]
)
def test_one_year_and_no_policy(price: object, starts: str | None) -> None:
    r = solve(
        commodities={"steel": {"unit": "t"}, "co2": {"unit": "t", "kind": "emission"}},
        processes={"mill": {"unit": "t", "flows": {"steel": 1, "co2": 2}}}, policies={"carbon_price": price},
    )  # fmt: skip
    if starts is None:
        with pytest.raises(plots.NotApplicableError, match="no policy moves money"):
            plots.incidence(r)
    else:
        title = plots.incidence(r).get_title(loc="left")
        assert title.replace("\n", " ").replace("\u00a0", " ").startswith(starts)


def test_what_does_not_count_in_the_social_view_is_not_drawn() -> None:
    def study(damage: str) -> ts.Results:
        return solve(
            view="social", commodities={"steel": {"unit": "t"}, "co2": {"unit": "t", "kind": "emission"}},
            processes={"mill": {"unit": "t", "flows": {"steel": 1, "co2": 2}}},
            policies={"carbon_price": 30, "social_carbon": damage},
        )  # fmt: skip

    drawn = heights(plots.incidence(study("damage")))
    assert sorted(drawn["carbon price"]) == pytest.approx([-600, 600])
    with pytest.raises(plots.NotApplicableError, match="no policy moves money"):
        plots.incidence(study("absent"))


def test_a_state_that_only_pays_says_so() -> None:
    r = solve(
        commodities={"steel": {"unit": "t"}, "air": {"unit": "t"}, "co2": {"unit": "t", "kind": "emission"}},
        demand={"air": {"amount": 20}}, policies={"carbon_price": 30},
        processes={"capture": {"unit": "t", "flows": {"air": 1, "co2": -1}}},
    )  # fmt: skip
    assert plots.incidence(r).get_title(loc="left").startswith("The state pays")
