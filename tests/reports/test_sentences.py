"""Warnings and proof of results, which are English, in the language of a report."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

import transform_sim
from tests.micro import mini
from transform_sim import plots
from transform_sim.plots.language import vocabulary
from transform_sim.reports import sentences
from transform_sim.results import Results

SOURCE = Path(transform_sim.__file__).parent
WORDED = (*(SOURCE / "inputs").glob("*.py"), *(SOURCE / "results").glob("*.py"))
"""Modules that may word warnings."""


def shapes() -> set[str]:
    """Every text of these modules, with {} for each of its places."""
    return {_shape(node) for file in WORDED for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))}


OTHER = {"capacity renewed or converted at the end of a campaign", "{} columns by {} {} in {} s"}
"""What is as long as a warning and is none: a description, a line of the summary."""


def worded() -> set[str]:
    """What reads like a warning in these modules: sentences that describe no array, raise no error, explain no code."""
    found = set()
    for file in WORDED:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        apart = [n for n in ast.walk(tree) if isinstance(n, ast.Raise | ast.Assert) or _tells_apart(n)]
        skipped = {id(part) for n in apart for part in ast.walk(n)}
        texts = [n for n in ast.walk(tree) if isinstance(n, ast.JoinedStr)]
        skipped |= {id(part) for n in texts for part in ast.walk(n) if part is not n}
        found |= {_shape(n) for n in ast.walk(tree) if id(n) not in skipped}
    return {text for text in found if len(text.split()) >= 8} - OTHER


def _tells_apart(node: ast.AST) -> bool:
    docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return docstring or (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "described")


def _shape(node: ast.AST) -> str:
    """A text with {} for each of its places; nothing of what is no text."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def test_every_warning_has_a_template() -> None:
    templates = {re.sub(r"\{\w+\}", "{}", template) for template in sentences.WARNINGS}
    assert "nothing is shifted, because the time steps have no order: {}" in worded()
    assert not worded() - templates


def carrying(*warnings: str) -> Results:
    """Results with these warnings."""
    data = mini("two_routes").data
    return Results(data.assign_attrs(warnings=json.dumps(warnings)))


@pytest.mark.parametrize("template", sentences.WARNINGS)
def test_templates_are_worded_as_results_word_them(template: str) -> None:
    assert re.sub(r"\{\w+\}", "{}", template) in shapes()
    assert template in vocabulary()


def test_warnings_keep_their_numbers_and_names_in_german() -> None:
    results = carrying(
        "bf_bof in ruhr: the campaign of 2007 ends in 2027, nearest to the start of the study; it counts as ending in "
        "2030",
        "solved with other bounds than the scenario's at 1,234 rows",
        "prices are sharp only to 0.031 per unit; solve with method='simplex' to publish them",
        "the hydrogen balance implies a store of 30 h of mean throughput; declare the store or a finer balance",
        "an own warning",
    )
    assert sentences.warnings(results) == list(results.warnings)
    with plots.language("de"):
        first, second, third, fourth, own = sentences.warnings(results)
    assert first.startswith("Hochofenroute in Ruhrgebiet: Die Laufzeit ab 2007 endet 2027,")
    assert first.endswith("gerechnet wird mit 2030")
    assert second == "mit anderen Grenzen als denen des Szenarios gelöst, bei 1.234 Nebenbedingungen"
    assert "auf 0,031 je Einheit" in third
    assert fourth.startswith("Die Bilanz (Wasserstoff) setzt einen Speicher von 30 h")
    assert own == "an own warning"


def test_warnings_of_flexible_demand_are_told_in_german() -> None:
    results = carrying(
        "cold_stores evens out within 24 h instead of 48 h: representative days of 24 h stand alone",
        "smelter is not shifted by 24 h, 48 h: representative days of 24 h stand alone",
        "network charge fee: 5,840 hours of use at ruhr in 2025, but the discount is for 7,000",
        "network charge fee: 9,000 MWh/a are bought at ruhr in 2025, but the discount is for more than 10,000 MWh/a",
        "up to 1,234.5 MWh more of electricity are shifted away and shed in an hour of 2025 at ruhr than are demanded "
        "and used there: supply from nowhere. Lower the load of works",
    )
    with plots.language("de"):
        window, delays, hours, amount, nowhere = sentences.warnings(results)
    assert nowhere.startswith("Strom in Ruhrgebiet: Bis zu 1.234,5 MWh mehr werden in einer Stunde 2025 verschoben")
    assert window.endswith("gleicht sich innerhalb von 24 h aus statt von 48 h: Typtage von 24 h stehen für sich")
    assert "nicht um 24 h, 48 h verschoben" in delays
    assert hours.startswith("Netzentgelt fee: 5.840 Benutzungsstunden in Ruhrgebiet 2025,")
    assert amount.endswith("erst über 10.000 MWh/a")


def test_the_proof_is_the_certificate_and_german_in_german(each_mini: Results) -> None:
    assert sentences.proof(each_mini) == each_mini.certificate["text"]
    with plots.language("de"):
        german = sentences.proof(each_mini)
    assert german.startswith("Optimum bewiesen bei 1e-")
    assert len(german.splitlines()) == len(each_mini.certificate["text"].splitlines())
    assert not re.search(r"\b(?:proved|residual|allowed|worst|profit|per unit)\b|\d\.\d", german.split("[")[0])


@pytest.mark.parametrize(("ok", "gap", "expected"), [
    (False, 1e-3, "not proved optimal at 1e-06, primal"), (True, None, "proved feasible at 1e-06, primal"),
    (False, None, "not proved feasible at 1e-06, primal"),
])  # fmt: skip
def test_what_is_not_proved_is_said(ok: bool, gap: float | None, expected: str) -> None:
    known = mini("two_routes").certificate | {"ok": ok, "gap": gap, "tolerance": 1e-6, "worst_row": None}
    results = Results(mini("two_routes").data.assign_attrs(certificate=json.dumps(known)))
    assert sentences.proof(results).startswith(expected)
    assert "worst row" not in sentences.proof(results)


@pytest.mark.parametrize("text", ["off by", "beyond its bound by", "priced though it has slack, share",
                                  "profit left per unit"])  # fmt: skip
def test_what_the_certificate_finds_has_german_words(text: str) -> None:
    worded = (SOURCE / "solvers" / "worst.py").read_text(encoding="utf-8")
    assert f'"{text}"' in worded
    assert text in vocabulary()
