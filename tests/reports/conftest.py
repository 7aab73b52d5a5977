"""A small study whose numbers name their sources, and its reports."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import transform_sim as ts
from tests.micro import solve
from transform_sim.results import Results


@cache
def sourced() -> Results:
    """Steel from coal or gas over two periods; each number says how it is known."""

    def number(value: object, quality: str, source: str, **more: object) -> dict[str, object]:
        return {"value": value, "quality": quality, "source": source, **more}

    return solve(
        title="Steel & <sources>",
        horizon={"start": 2025, "end": 2030, "step": 5, "discount_rate": 0.0},
        commodities={
            "steel": {"unit": "t"}, "co2": {"title": "CO₂ emissions of industry", "unit": "t", "kind": "emission"},
            "coal": {"unit": "MWh", "carbon_content": number("0.34 t/MWh", "opened", "Guidelines 2006, table 1.4")},
            "gas": {"unit": "MWh", "carbon_content": number("0.2 t/MWh", "opened", "Guidelines 2006, table 1.2")},
        },
        processes={
            "furnace": {"title": "Blast furnace", "unit": "t", "lifetime": 5,
                        "flows": {"steel": 1, "coal": number(-5, "computed", "Heat balance <of a furnace>")},
                        "capex": number(100, "recalled", "Making steel, 2nd edition", low=80, high=120)},
            "shaft": {"unit": "t", "lifetime": 5, "flows": {"steel": 1, "gas": -3},
                      "capex": number(150, "opened", "Shaft study 2020", licence="CC-BY-4.0", note="page 7")},
        },
        supply={"coal": {"price": number(15, "opened", "Market report")}, "gas": {"price": 40}},
        demand={"steel": {"amount": 1_000_000}},
        policies={"carbon_price": {"value": {2025: 10, 2030: 200}, "quality": "recalled", "source": "Path of prices"}},
    )  # fmt: skip


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The report in both languages; its figures stand beside the English one."""
    folder = tmp_path_factory.mktemp("report")
    return {
        "en": ts.report(sourced(), folder / "en.html", command=["transform-sim", "run", "my study.yaml"],
                        figures=folder / "figures"),
        "de": ts.report(sourced(), folder / "de.html", language="de"),
    }  # fmt: skip
