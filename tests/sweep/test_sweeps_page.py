"""docs/sweeps.md says every key of a sweep file, and its examples are read."""

from __future__ import annotations

import ast
import re

import pytest

import transform_sim as ts
from tests.micro import ROOT
from transform_sim import plots
from transform_sim.scenario.reader import read
from transform_sim.scenario.sweepfile import KEPT, sweep_spec
from transform_sim.scenario.sweepspec import DESIGNS, SAMPLED, AxisSpec, SweepSpec
from transform_sim.scenario.tree import plain
from transform_sim.sweeps import insights
from transform_sim.sweeps.axes import quantities
from transform_sim.sweeps.design import MOST_CASES

PAGE = (ROOT / "docs" / "sweeps.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("section", [SweepSpec, AxisSpec])
def test_every_key_has_its_row(section: type[SweepSpec] | type[AxisSpec]) -> None:
    rows = set(re.findall(r"^\| `(\w+)` \|", PAGE, flags=re.MULTILINE))
    assert {info.alias or name for name, info in section.model_fields.items()} <= rows


def test_every_design_and_choice_is_named() -> None:
    for name in (*DESIGNS, *KEPT):
        assert f"| `{name}` |" in PAGE
    for name in (*SAMPLED, "cases"):
        assert f"| `{{{name}: " in PAGE
    assert f"{MOST_CASES:,} cases" in PAGE


@pytest.mark.parametrize("text", blocks("yaml"), ids=lambda t: t.splitlines()[0])
def test_examples_are_read_and_name_what_the_scenario_has(text: str) -> None:
    node, problems = read(text, "docs/sweeps.md")
    assert not problems
    assert node is not None
    spec = sweep_spec(plain(node))
    scenario = ts.load(ROOT / "scenarios" / spec.scenario.removeprefix("../"), spec.variant)
    known = quantities(scenario)
    assert [p for axis in spec.axes.values() for p in axis.paths if p not in known] == []


def test_python_examples_name_what_there_is() -> None:
    code = "\n".join(blocks("python"))
    ast.parse(code)
    homes = {"ts": ts, "insights": insights, "figures": plots.sweeps}
    named = re.findall(r"\b(ts|insights|figures)\.(\w+)", PAGE)
    assert {"break_even", "tornado", "sobol", "regret", "pareto"} <= {name for _, name in named}
    assert [f"{home}.{name}" for home, name in named if not hasattr(homes[home], name)] == []
