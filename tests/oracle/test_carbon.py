"""Carbon by origin: the package against the oracle, and no carbon lost or changed in what the package says of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from numpy.typing import NDArray

import transform_sim as ts

from .carbon import COUNTING, ORIGINS, TAKEN_UP
from .carbon_strategies import carbon_systems
from .oracle import solve
from .reader import read_file
from .strategies import as_yaml
from .test_oracle import agree

FOLDER = Path(__file__).parent / "systems"
SWITCHES = [
    {"charge_co2_use": False},
    {"credit_removals": False},
    {"charge_co2_use": False, "credit_removals": False},
    {"emission_cap": None},
]


@pytest.mark.parametrize("changes", SWITCHES, ids=lambda changes: "-".join(changes))
@pytest.mark.parametrize("name", ["carbon_chain", "carbon_origins"])
def test_switches_of_what_counts(name: str, changes: dict[str, Any]) -> None:
    data = read_file(FOLDER / f"{name}.yaml")
    data["policies"] |= changes
    agree(ts.solve(ts.loads(as_yaml(data))).objective, solve(data))


@given(carbon_systems())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_random_systems_of_carbon(data: dict[str, Any]) -> None:
    results = ts.solve(ts.loads(as_yaml(data)))
    agree(results.objective, solve(data))
    account = _Account(data, results)
    account.commodities_keep_each_origin()
    account.processes_keep_each_origin()
    account.emissions_are_what_counts_of_it()


@pytest.mark.parametrize("changes", [{}, *SWITCHES], ids=lambda changes: "-".join(changes) or "as it is")
@pytest.mark.parametrize("name", ["carbon_chain", "carbon_origins"])
def test_shipped_systems_keep_their_carbon(name: str, changes: dict[str, Any]) -> None:
    data = read_file(FOLDER / f"{name}.yaml")
    data["policies"] |= changes
    account = _Account(data, ts.solve(ts.loads(as_yaml(data))))
    account.commodities_keep_each_origin()
    account.processes_keep_each_origin()
    account.emissions_are_what_counts_of_it()


def test_a_supply_with_an_origin_of_its_own_keeps_the_biogenic_share_of_its_commodity() -> None:
    data = {
        "name": "share",
        "horizon": {"start": 2025, "end": 2025, "step": 1, "discount_rate": 0.0},
        "regions": {"one": {}},
        "commodities": {
            "waste": {"unit": "t", "carbon_content": 0.3, "biogenic_share": 0.5},
            "heat": {"unit": "MWh"},
            "co2": {"unit": "t", "kind": "emission"},
        },
        "processes": {"burner": {"unit": "MWh", "existing": 10, "flows": {"heat": 1, "waste": -1}}},
        "supply": {"waste": {"price": 1, "origin": "process"}},
        "demand": {"heat": {"amount": 10}},
        "policies": {"carbon_price": 100},
    }
    assert solve(data).objective == pytest.approx(10 * 1 + 10 * 0.3 * 0.5 * 100)
    assert ts.solve(ts.loads(as_yaml(data))).objective == pytest.approx(10 * 1 + 10 * 0.3 * 0.5 * 100)


def leaks(process: dict[str, Any]) -> bool:
    """Whether carbon leaves it untracked: that has no origin in the results."""
    return any(way.get("auxiliary_carbon", 0.0) < 0 for way in [process, *(process.get("modes") or {}).values()])


class _Account:
    """Carbon of one solution, read off the results: t CO₂ a year."""

    def __init__(self, data: dict[str, Any], results: ts.Results) -> None:
        self.data, self.results = data, results
        self.carbon = {c: k for c, e in data["commodities"].items() if (k := e.get("carbon_content"))}
        self.policy = data["policies"]

    def of(self, name: str, *dims: str, **where: Any) -> Any:
        """An array over some dimensions only, 0 if there is no such thing."""
        if name not in self.results.data:
            return 0.0
        array = self.results.data[name]
        if any(str(label) not in array[d] for d, label in where.items() if isinstance(label, str)):
            return 0.0
        array = array.sel(**where)
        return array.sum([d for d in array.dims if d not in dims])

    def zero(self, value: Any) -> None:
        scale = float(np.max(abs(self.of("carbon_taken", "process", "period"))))
        assert np.asarray(value) == pytest.approx(0.0, abs=1e-6 * (1.0 + scale))

    def commodities_keep_each_origin(self) -> None:
        """What is bought and made of each origin is taken, left, disposed of, or lost on the way."""
        for c, k in self.carbon.items():
            sold = [s for s, e in self.data["supply"].items() if (e.get("commodity") or s) == c]
            net = self.of("carbon_bought", "origin", "period", supply=sold)
            net = net + self.of("carbon_made", "origin", "period", commodity=c)
            for name in ("carbon_taken", "embodied_carbon", "carbon_disposed"):
                net = net - self.of(name, "origin", "period", commodity=c)
            loss = {n: e.get("loss", 0.0) for n, e in (self.data.get("links") or {}).items() if e["commodity"] == c}
            lost = sum((k * part * self.of("link_flow", "period", link=n) for n, part in loss.items()), start=0.0)
            if not self.is_pool(c):  # what stores lose of a pool is in `embodied_carbon`
                stores = [n for n, e in (self.data.get("storages") or {}).items() if e["commodity"] == c]
                kept = (self.of(name, "period", storage=stores) for name in ("charge", "discharge"))
                lost = lost + k * np.subtract(*kept)
            if not np.any(lost):
                self.zero(net)
            else:
                self.zero(np.minimum(net, 0.0))  # of every origin some may be lost, none is won
                self.zero(net.sum("origin") - lost)

    def is_pool(self, commodity: str) -> bool:
        premium = self.results.data.get("carbon_premium")
        return premium is not None and bool(premium.sel(commodity=commodity).notnull().any())

    def beside(self, name: str) -> NDArray[np.float64]:
        """Auxiliary carbon of a process; below 0 what leaves untracked."""
        process = self.data["processes"][name]
        common = process.get("auxiliary_carbon", 0.0)
        total = np.zeros(self.results.data["cost"].sizes["period"])
        for mode in process.get("modes") or {None: {}}:
            given = ((process.get("modes") or {}).get(mode) or {}).get("auxiliary_carbon")
            run = self.of("activity", "period", process=name, **({} if mode is None else {"mode": mode}))
            total = total + (common if given is None else given) * np.asarray(run)
        return total

    def processes_keep_each_origin(self) -> None:
        """Carbon goes through a process with its origin; only fossil and process carbon may become counted."""
        for name, process in self.data["processes"].items():
            if leaks(process):
                continue
            gone = self.of("carbon_made", "origin", "period", process=name)
            gone = gone + self.of("carbon_released", "origin", "period", process=name)
            won = gone - self.of("carbon_taken", "origin", "period", process=name)
            if isinstance(won, float):
                continue
            won = won.transpose("origin", "period").copy()
            won.loc[{"origin": process.get("auxiliary_origin", "fossil")}] -= self.beside(name)
            self.zero(won.sel(origin=list(TAKEN_UP)))
            self.zero(won.sel(origin=[*COUNTING, "counted"]).sum("origin"))
            assert float(won.sel(origin="counted").min()) >= -1e-3
            if not self.policy.get("charge_co2_use", True) or process.get("permanent", False):
                self.zero(won.sel(origin="counted"))

    def emissions_are_what_counts_of_it(self) -> None:
        """Each emission is what counts of stacks, of CO₂ used, of disposal (the first one) and of purchases."""
        credit = float(self.policy.get("credit_removals", True))
        commodities = self.data["commodities"]
        emitted: dict[str, Any] = {e: 0.0 for e, x in commodities.items() if x.get("kind") == "emission"}
        first = next(e for e in emitted if commodities[e].get("origin", "fossil") == "fossil")
        for name, process in self.data["processes"].items():
            target = process.get("emission") or first
            reversed_ = commodities[target].get("origin", "fossil") in TAKEN_UP
            counts = [o for o in ORIGINS if (o in COUNTING) != reversed_]
            released = self.of("carbon_released", "origin", "period", process=name)
            made, taken = (self.of(n, "origin", "period", process=name) for n in ("carbon_made", "carbon_taken"))
            if isinstance(released + made, float):
                continue
            gone = self._of("counted", made) + self._of("counted", released)
            used = 0.0 if leaks(process) else gone - self._of("counted", taken)
            if reversed_ and np.any(used):
                return  # what counts of CO₂ used and what of stacks are in one emission then
            emitted[target] = emitted[target] + self._of(counts, released) + used
            if process.get("permanent", False):
                emitted[target] = emitted[target] - credit * self._of(TAKEN_UP, made)
        for c in self.carbon:
            thrown = self.of("carbon_disposed", "origin", "period", commodity=c)
            lasting = (commodities[c].get("disposal") or {}).get("permanent", False)
            emitted[first] += -credit * self._of(TAKEN_UP, thrown) if lasting else self._of(COUNTING, thrown)
        for s, supply in self.data["supply"].items():
            for e, factor in (supply.get("emissions") or {}).items():
                emitted[e] = emitted[e] + factor * self.of("purchase", "period", supply=s)
        for e, amount in emitted.items():
            self.zero(amount - self.of("emissions", "period", emission=e))

    @staticmethod
    def _of(origins: str | tuple[str, ...] | list[str], array: Any) -> Any:
        """The carbon of one or several origins."""
        if isinstance(array, float):
            return 0.0
        return array.sel(origin=[origins] if isinstance(origins, str) else list(origins)).sum("origin")
