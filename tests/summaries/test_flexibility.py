"""What flexible industry saves in the NRW studies, as stored: current, ordered, and worth something."""

from __future__ import annotations

import pytest

import transform_sim as ts
from tests.summaries import OBJECTIVE, ROOT, stored
from tests.summaries.flexibility import ALONE, STUDIES, alone, digest, level, table

WORTH = 1e5
"""EUR of present value above which a load is said to save something; proofs are good to some 1e4."""

GERMANY_TODAY, GERMANY_POTENTIAL = 3000, 6000
"""MW that nine German sectors could take off without major changes, and technically (German Environment Agency)."""


def rows(study: str) -> dict[str, dict[str, str]]:
    return {row["case"]: row for row in table() if row["study"] == study}


def savings(study: str) -> dict[str, float]:
    return {case: float(row["saving"]) for case, row in rows(study).items()}


def loads() -> list[str]:
    return list(level(ALONE, "potential").flexible_loads)


@pytest.mark.parametrize("study", STUDIES)
def test_the_table_is_of_the_study_as_it_is_today(study: str) -> None:
    told = "run python -m tests.summaries.flexibility"
    assert {row["digest"] for row in rows(study).values()} == {digest(study)}, told


def test_each_load_is_solved_alone_and_all_together() -> None:
    assert list(rows(ALONE)) == ["none", *loads(), "today", "potential"]


@pytest.mark.parametrize("study", STUDIES)
def test_more_flexibility_never_costs_more(study: str) -> None:
    cost = {case: float(row["objective"]) for case, row in rows(study).items()}
    assert cost["none"] > cost["today"] > cost["potential"]
    for case, saved in savings(study).items():
        assert saved == pytest.approx(cost["none"] - cost[case], abs=0.02)


def test_no_load_alone_costs_anything_and_most_save() -> None:
    alone_ = {name: savings(ALONE)[name] for name in loads()}
    assert min(alone_.values()) >= -WORTH
    assert sum(saved > WORTH for saved in alone_.values()) >= 8


def test_a_load_alone_saves_no_more_than_its_level() -> None:
    """What works today is part of the potential, so each load is part of the levels from its stage on."""
    for name in loads():
        stage = rows(ALONE)[name]["stage"]
        assert savings(ALONE)[name] <= savings(ALONE)[stage] + WORTH


def test_less_is_taken_off_than_in_all_of_germany() -> None:
    """The state has a third of German industry, and these are its named plants only."""
    off = {case: float(row["taken_off_mw"]) for case, row in rows(ALONE).items()}
    assert off["none"] == 0
    assert GERMANY_TODAY / 6 < off["today"] < GERMANY_TODAY / 2
    assert off["today"] < off["potential"] < GERMANY_POTENTIAL / 3


def test_the_study_as_shipped_stays_small_with_its_loads() -> None:
    assert int(rows(ALONE)["today"]["columns"]) <= 70_000


@pytest.mark.parametrize("study", STUDIES)
def test_today_is_the_study_as_shipped(study: str) -> None:
    assert ts.load(ROOT / "scenarios" / f"{study}.yaml").flexibility == "today"
    assert float(rows(study)["today"]["objective"]) == pytest.approx(stored(study)["objective"], rel=OBJECTIVE)


def test_a_row_solved_again_gives_what_is_stored() -> None:
    again = ts.solve(alone(ALONE, "cement_grinding"))
    assert again.objective == pytest.approx(float(rows(ALONE)["cement_grinding"]["objective"]), rel=1e-7)


def test_what_the_digest_says_follows_numbers_and_not_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """A title changes nothing, a number does."""
    scenario = level(ALONE, "potential")
    found = [digest(ALONE)]
    for changes in ({"title": "other words"}, {"flexible_loads.cement_grinding.down": 0.7}):
        other = scenario.with_(changes)
        monkeypatch.setattr("tests.summaries.flexibility.level", lambda *_, s=other: s)
        found.append(digest(ALONE))
    assert found[0] == found[1] != found[2]
