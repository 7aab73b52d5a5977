"""docs/carbon.md: its study solves, its example runs, and what it says of rules, tables and switches is so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import transform_sim as ts
from tests.micro import ROOT
from transform_sim import plots
from transform_sim.analysis.carbon_balance import carbon_balance
from transform_sim.scenario.markets import Commodity, Supply
from transform_sim.scenario.plants import Process
from transform_sim.scenario.policies import Policies

PAGE = (ROOT / "docs" / "carbon.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (text,) = re.findall(rf"^```{language}\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE)
    return str(text)


def study(**policies: bool) -> ts.Results:
    """The study of the page under other rules."""
    text = block("yaml")
    return ts.solve(ts.loads(text.replace("carbon_price: 100", ", ".join(
        ["carbon_price: 100", *(f"{k}: {str(v).lower()}" for k, v in policies.items())]
    ))))  # fmt: skip


def sums(results: ts.Results) -> dict[str, float]:
    return {str(k): float(v) for k, v in carbon_balance(results).groupby("kind")["value"].sum().items()}


def test_the_example_runs_and_both_sides_are_equal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "study.yaml").write_text(block("yaml"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    found: dict[str, Any] = {}
    exec(block("python"), found)
    plots_closed()
    sides = found["sides"].unstack("side")
    assert sides["in"].to_numpy() == pytest.approx(sides["out"].to_numpy())
    assert found["stored"].sum() == pytest.approx(4.8)
    assert set(found["products"]["product"]) == {"methanol", "carbonate"}
    assert float(found["premium"].sel(origin="biogenic").squeeze()) == pytest.approx(100)


def plots_closed() -> None:
    from matplotlib import pyplot

    pyplot.close("all")


def test_every_kind_of_the_balance_is_in_the_table() -> None:
    table = PAGE.split("| `kind` in the balance |")[1].split("\n\n")[0]
    named = set(re.findall(r"`([a-zA-Z2 ]+)`", table)) - {"counted", "auxiliary_carbon"}
    assert named == {
        "bought", "auxiliary", "use of CO2", "released", "untracked", "product", "stored", "disposed",
        "lost on the way",
    }  # fmt: skip
    assert set(sums(study())) <= named


def test_arrays_and_keys_that_are_named_exist() -> None:
    results = study()
    named = re.findall(r"`(carbon_(?:bought|taken|made|released|disposed|premium)|embodied_carbon)`", PAGE)
    assert len(set(named)) == 7
    assert [n for n in named if n not in results.data] == []
    fields = {*Commodity.model_fields, *Supply.model_fields, *Process.model_fields, *Policies.model_fields}
    keys = {"carbon_content", "origin", "biogenic_share", "carbon_dioxide", "auxiliary_carbon", "auxiliary_origin",
            "permanent", "credit_removals", "charge_co2_use"}  # fmt: skip
    assert keys <= fields
    assert all(f"`{key}" in PAGE for key in keys)
    names = re.findall(r"ts\.(analysis|plots)\.(\w+)", PAGE)
    assert {home for home, _ in names} == {"analysis", "plots"}
    assert [n for home, n in names if not hasattr({"analysis": ts.analysis, "plots": plots}[home], n)] == []


def test_storage_counts_below_zero_only_where_removals_are_credited() -> None:
    # with the credit, storing biogenic CO₂ is worth what its use saves: 1.9 t either way
    assert float(study().emissions.sum()) == pytest.approx(1.9)
    assert float(study(credit_removals=False).emissions.sum()) == pytest.approx(1.9)
    less = block("yaml").replace("methanol: {amount: 2}", "methanol: {amount: 1}")
    credited = ts.solve(ts.loads(less))
    plain = ts.solve(ts.loads(less.replace("carbon_price: 100", "carbon_price: 100, credit_removals: false")))
    assert float(credited.emissions.sum()) == pytest.approx(float(plain.emissions.sum()) - 0.3)


def test_without_the_charge_exported_methanol_is_free() -> None:
    charged, free = study(), study(charge_co2_use=False)
    by = free.process_emission.sel(emission="co2").sum(["region", "period"])
    assert float(charged.process_emission.sel(process="synthesis").sum()) == pytest.approx(1.2)
    assert float(by.sel(process="synthesis")) <= 0.2 + 1e-9  # what leaves its stack
    assert "use of CO2" not in sums(free)


def test_the_readme_leads_here() -> None:
    assert "(docs/carbon.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)", PAGE):
        assert (ROOT / "docs" / target).exists()
