"""Every shipped scenario gives what it gave when its summary was stored."""

from __future__ import annotations

import pytest

from tests.summaries import SCENARIOS, STORE, differences, solve, stored


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_shipped_scenario_gives_its_stored_summary(name: str) -> None:
    old = stored(name)
    assert old.get("because"), f"no summary of {name}; store it: python -m tests.summaries --because '…' {name}"
    changes = differences(old, solve(name))
    told = "\n".join(changes)
    assert not changes, f"{name} changed; explain it: python -m tests.summaries --because '…' {name}\n{told}"


def test_there_is_no_summary_without_a_scenario() -> None:
    assert {p.stem for p in STORE.glob("*.json")} == {name.replace("/", "-") for name in SCENARIOS}


def test_a_difference_is_told_by_name_with_both_values() -> None:
    old = {"rows": 1, "columns": 1, "non_zeros": 1, "objective": 1.0, "by_period": {"emissions.co2": {"2025": 5.0}}}
    new = old | {"objective": 1.1, "by_period": {"emissions.co2": {"2025": 4.0}}}
    assert differences(old, new) == ["objective: 1.0 → 1.1", "emissions.co2: {'2025': 5.0} → {'2025': 4.0}"]
    assert differences(old, old) == []
