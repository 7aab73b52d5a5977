"""docs/scenario.md, the JSON Schema and the example agree with what the reader accepts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from transform_sim.scenario import json_schema, load, load_variants
from transform_sim.scenario.documentation import markdown
from transform_sim.scenario.reader import read
from transform_sim.scenario.schema import Scenario
from transform_sim.scenario.tree import plain

from .study import STUDY, spoilt

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "src/transform_sim/scenario/example.yaml"
OTHER = {"sweeps", "targets"}
"""Folders of files that are no scenarios: studies of many, and bases with nothing but a target."""
SHIPPED = [EXAMPLE, *sorted(p for p in ROOT.glob("scenarios/**/*.yaml") if not OTHER & set(p.parts))]


def as_json(text: str) -> Any:
    """The file as an editor sees it: keys are texts, lists are lists."""
    node, _ = read(text, "x.yaml")
    assert node is not None
    return json.loads(json.dumps(plain(node)))


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    Draft202012Validator.check_schema(json_schema())
    return Draft202012Validator(json_schema())


def test_the_page_is_up_to_date() -> None:
    assert (ROOT / "docs/scenario.md").read_text(encoding="utf-8") == markdown(), (
        "run python -m transform_sim.scenario.documentation > docs/scenario.md"
    )


def test_every_field_is_documented() -> None:
    page = markdown()
    definitions = json_schema()["$defs"]
    for name, definition in definitions.items():
        for key, field in definition.get("properties", {}).items():
            if name not in ("Quantity", "Table"):
                assert field.get("description"), f"{name}.{key}"
                assert f"`{key}" in page, f"{name}.{key}"


@pytest.mark.parametrize("file", SHIPPED, ids=lambda p: p.name)
def test_shipped_scenarios_fit_the_json_schema(validator: Draft202012Validator, file: Path) -> None:
    assert [e.message for e in validator.iter_errors(as_json(file.read_text(encoding="utf-8")))] == []


def test_the_small_study_fits_too(validator: Draft202012Validator) -> None:
    validator.validate(as_json(STUDY))
    validator.validate(as_json(STUDY.replace("ruhr: {}", "ruhr: ")))
    validator.validate(as_json("extends: base.yaml\nprocesses: {shaft: {earliest: 2030}}\n"))
    validator.validate(as_json("extends: [base.yaml, targets/strict.yaml]\nvariants: {low: {title: low}}\n"))
    validator.validate(as_json(spoilt(("earliest: 2028", "readiness: 7\n    first_of_a_kind: {2030: 25 %, 2040: 0}"))))


@pytest.mark.parametrize(
    "change",
    [
        ("earliest: 2028", "earlyest: 2028"),
        ("balance: hour", "balance: hourly"),
        ("lifetime: 20", "lifetime: true"),
        ("high: 1250", "quality: good"),
        ("{share: 0.25}", "{shares: 0.25}"),
        ("earliest: 2028", "readiness: 10"),
        ("  shaft:\n    unit: t\n", "  shaft:\n"),
    ],
)
def test_the_json_schema_sees_slips_of_the_pen(validator: Draft202012Validator, change: tuple[str, str]) -> None:
    assert list(validator.iter_errors(as_json(spoilt(change))))


@pytest.mark.parametrize("extends", ["5", "[]", "[base.yaml, base.yaml]", "[{file: base.yaml}]"])
def test_the_json_schema_sees_what_cannot_be_extended(validator: Draft202012Validator, extends: str) -> None:
    assert list(validator.iter_errors(as_json(f"extends: {extends}\n")))


def test_the_example_uses_every_section_and_loads() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    used = set(as_json(text))
    assert used == {info.alias or name for name, info in Scenario.model_fields.items()} | {"variants"}
    for variant in (None, *load_variants(EXAMPLE)):
        load(EXAMPLE, variant=variant)
