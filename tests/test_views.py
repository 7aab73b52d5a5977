"""Two views of one plan: the private view less its transfers is the social view, and transfers add to zero."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import transform_sim as ts
from tests.micro import MINIS, ROOT, SYSTEMS
from transform_sim.lp import Program
from transform_sim.pipeline import compose

ALL = ROOT / "tests" / "policies" / "all_policies.yaml"
TRANSFERS = {
    "financing", "levy", "network_charge_energy", "network_charge_capacity", "carbon_price", "free_allocation",
    "power_compensation", "border_adjustment", "carbon_contract", "contract_financing", "grant", "grant_financing",
}  # fmt: skip


def moved(private: Program, x: np.ndarray, social: Program) -> np.ndarray:
    """The plan in the columns of the social program, which are all columns of the private one too."""
    known = {(b.name, b.grid.name): b for b in private.columns}
    out = np.zeros(social.shape[1])
    for block in social.columns:
        own = known[block.name, block.grid.name]
        assert own.entities.codes.keys() == block.entities.codes.keys()
        assert all((own.entities[d] == block.entities[d]).all() for d in block.entities.dims)
        out[block.span] = x[own.span]
    return out


def two_views(path: Path, carbon: str) -> tuple[float, float, ts.Results]:
    """Cost of the private optimum in the private view, in the social one, and its results."""
    scenario = ts.load(path).with_({"view": "private", "policies.social_carbon": carbon})
    study = ts.prepare(scenario, method="simplex")
    x = study.session.solve().x
    _, social = compose(scenario.with_({"view": "social"}))
    return float(study.program.cost @ x), float(social.cost @ moved(study.program, x, social)), study.solve()


def present(results: ts.Results, *, kind: str | None = None, component: str | None = None) -> float:
    """Present value of the ledger's rows of one kind or component."""
    cost = results.data["cost"].sum("period")
    own = cost["kind"] == kind if kind else cost["component"] == component
    return float(cost.values[own.values].sum())


@pytest.mark.parametrize("path", [ALL, *MINIS, *SYSTEMS], ids=lambda path: path.stem)
@pytest.mark.parametrize("carbon", ["absent", "damage"])
def test_private_cost_less_transfers_is_social_cost(path: Path, carbon: str) -> None:
    private, social, r = two_views(path, carbon)
    transfers = present(r, kind="transfer")
    damage = present(r, component="carbon_price") if carbon == "damage" else 0.0
    size = float(np.abs(r.data["cost"].values).sum())
    assert private - transfers == pytest.approx(social - damage, rel=1e-9, abs=1e-9 * size)
    assert r.objective == pytest.approx(private, rel=1e-9, abs=1e-9 * size)


def test_the_study_of_all_policies_has_every_transfer() -> None:
    r = ts.solve(ALL, method="simplex")
    paid = {str(c) for c, k in zip(r.cost.component.values, r.cost.kind.values, strict=True) if k == "transfer"}
    assert paid == TRANSFERS
    ledger = r.annual_cost
    assert all((np.abs(ledger.sel(component=c).values) > 1).any() for c in TRANSFERS)
    assert ledger.counts.values.all()
    assert (r.cap_price.fillna(0) > 1).any()
    assert (r.quota_premium > 1).any()
    assert (r.capacity_price.fillna(0) > 1).any()
    assert (r.limit_rent.sel(limit="public_budget") != 0).any()


def test_payments_add_to_zero_with_everything_on() -> None:
    frame = ts.solve(ALL, method="simplex").incidence
    assert set(frame["component"]) >= TRANSFERS | {
        "cap_scarcity", "quota_premium", "capacity_price", "product_price", "investment",
    }  # fmt: skip
    for _, one in frame.groupby(["component", "period"]):
        assert abs(one["amount"].sum()) <= 1e-9 * one["amount"].abs().sum()


def test_the_social_view_has_no_payments_by_the_state_and_counts_no_transfer_but_damage() -> None:
    for carbon, counted in (("damage", {"carbon_price"}), ("absent", set())):
        changes: dict[str, Any] = {"view": "social", "policies.social_carbon": carbon}
        r = ts.solve(ts.load(ALL).with_(changes), method="simplex")
        own = r.cost.component.values[r.cost.counts.values & (r.cost.kind.values == "transfer")]
        assert set(own) == counted
        assert not {"allocated_output", "contracted_output", "grant_payment"} & set(r.data.data_vars)
