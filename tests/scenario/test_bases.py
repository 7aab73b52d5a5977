"""Several bases: in which order they lie, what is there once, what is refused, and where tables are looked up."""

from __future__ import annotations

from pathlib import Path

import pytest

from transform_sim.errors import ScenarioError
from transform_sim.scenario import load, load_variants, loads
from transform_sim.scenario.found import Selection, find

from .study import STUDY, problems_in, shown


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A reference and two targets without a study of their own, one of them with a table beside it."""
    (tmp_path / "reference.yaml").write_text(STUDY)
    (tmp_path / "targets").mkdir()
    (tmp_path / "targets" / "caps.csv").write_text("year,cap\n2030,3000000\n2045,0\n")
    (tmp_path / "targets" / "strict.yaml").write_text(
        "policies: {carbon_price: 150, emission_cap: {table: caps.csv, column: cap}}\nvariants: {late: {title: late}}\n"
    )
    (tmp_path / "targets" / "none.yaml").write_text("policies: {emission_cap: }\n")
    return tmp_path


def write(study: Path, name: str, text: str) -> Path:
    file = study / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    return file


def problems(study: Path, text: str) -> list[tuple[str, int, str]]:
    """File, line and sentence of what is wrong with a study that extends."""
    return [(Path(p.file).name, p.line, shown(p)) for p in problems_in(write(study, "top.yaml", text), root=study)]


def test_later_bases_lie_over_earlier_ones_and_own_keys_over_all(study: Path) -> None:
    top = load(write(study, "top.yaml", "extends: [reference.yaml, targets/strict.yaml]\nname: top\n"))
    assert (top.name, top.processes["shaft"].earliest) == ("top", 2028)
    assert top.policies.carbon_price is not None
    assert top.policies.carbon_price.points == {None: {None: 150}}
    own = "extends: [reference.yaml, targets/strict.yaml]\npolicies: {carbon_price: 90}\n"
    changed = load(write(study, "own.yaml", own))
    assert changed.policies.carbon_price is not None
    assert changed.policies.carbon_price.scalar == 90
    turned = load(write(study, "turned.yaml", "extends: [targets/strict.yaml, reference.yaml]\n"))
    assert turned.policies.carbon_price is not None
    assert turned.policies.carbon_price.points == {None: {2025: 75, 2045: 200}}


def test_a_base_takes_out_what_an_earlier_one_says(study: Path) -> None:
    bases = "extends: [reference.yaml, targets/strict.yaml, targets/none.yaml]\n"
    assert load(write(study, "top.yaml", bases)).policies.emission_cap is None


def test_a_list_of_one_is_that_file(study: Path) -> None:
    one, same = (
        write(study, "one.yaml", "extends: reference.yaml\n"),
        write(study, "b.yaml", "extends: [reference.yaml]\n"),
    )
    assert load(one).hash == load(same).hash == loads(STUDY).hash


def test_tables_are_found_beside_the_file_that_names_them(study: Path) -> None:
    for name, bases in (
        ("top.yaml", "[reference.yaml, targets/strict.yaml]"),
        ("deep/er.yaml", "[../reference.yaml, ../targets/strict.yaml]"),
    ):
        top = load(write(study, name, f"extends: {bases}\n"), root=study)
        assert top.policies.emission_cap is not None
        assert top.policies.emission_cap.points == {None: {2030: 3e6, 2045: 0}}
    over = load(write(study, "deep/over.yaml", "extends: [er.yaml]\nname: over\n"), root=study)
    assert over.policies.emission_cap == top.policies.emission_cap


def test_lines_and_variants_come_from_their_files(study: Path) -> None:
    top = write(study, "top.yaml", "extends: [reference.yaml, targets/strict.yaml]\nvariants: {own: {title: own}}\n")
    assert load(top).where("policies.carbon_price").endswith("strict.yaml:1")
    assert load(top).where("processes.shaft.earliest").endswith("reference.yaml:27")
    assert load_variants(top) == ["late", "own"]
    assert load(top, variant="late").title == "late"


def test_what_two_bases_extend_does_not_undo_what_the_first_changes(study: Path) -> None:
    write(study, "dear.yaml", "extends: reference.yaml\npolicies: {carbon_price: 300}\n")
    write(study, "early.yaml", "extends: reference.yaml\nprocesses: {shaft: {earliest: 2026}}\n")
    both = load(write(study, "top.yaml", "extends: [dear.yaml, early.yaml]\n"))
    assert both.policies.carbon_price is not None
    assert (both.policies.carbon_price.scalar, both.processes["shaft"].earliest) == (300, 2026)
    # naming the common file as well changes nothing
    assert load(write(study, "again.yaml", "extends: [reference.yaml, dear.yaml, early.yaml]\n")).hash == both.hash


def test_what_the_common_base_gets_wrong_is_told_once(study: Path) -> None:
    write(study, "reference.yaml", STUDY.replace("lifetime: 20", "lifetime: 2,0"))
    for name in ("one.yaml", "two.yaml"):
        write(study, name, "extends: reference.yaml\n")
    found = problems(study, "extends: [one.yaml, two.yaml]\n")
    assert [(file, line) for file, line, _ in found] == [("reference.yaml", 18)]


@pytest.mark.parametrize(
    ("bases", "message"),
    [
        ("[dear.yaml, reference.yaml]",
         "'reference.yaml' cannot change dear.yaml: it lies under it, as one of these files extends it. Name it first, "
         "or leave it out"),
        ("[reference.yaml, dear.yaml, ./reference.yaml]", "'./reference.yaml' is named twice"),
        ("[reference.yaml, nobody.yaml]", "there is no file 'nobody.yaml' in the study folder"),
        ("[reference.yaml, top.yaml]", "'top.yaml' leads back to itself: top.yaml → top.yaml"),
        ("[reference.yaml, 5]", "must be base.yaml, or a list such as [base.yaml, targets.yaml], not 5"),
    ],
)  # fmt: skip
def test_a_list_that_makes_no_sense_is_refused_where_it_stands(study: Path, bases: str, message: str) -> None:
    write(study, "dear.yaml", "extends: reference.yaml\npolicies: {carbon_price: 300}\n")
    items = bases.strip("[]").split(", ")
    text = "name: top\nextends:\n" + "".join(f"- {item}\n" for item in items)
    line = 2 if "5" in items else 2 + len(items)
    assert problems(study, text) == [("top.yaml", line, f"extends: {message}")]


def test_bases_that_want_each_other_above_are_refused(study: Path) -> None:
    write(study, "one.yaml", "extends: [reference.yaml, targets/strict.yaml, targets/none.yaml]\n")
    write(study, "two.yaml", "extends: [reference.yaml, targets/none.yaml, targets/strict.yaml]\n")
    ((file, line, message),) = problems(study, "extends: [one.yaml, two.yaml]\n")
    assert (file, line) == ("two.yaml", 1)
    assert message.startswith("extends: 'targets/strict.yaml' cannot change none.yaml")


def test_every_base_that_cannot_be_read_is_told(study: Path) -> None:
    write(study, "broken.yaml", "name: 'never closed\n")
    found = problems(study, "extends: [broken.yaml, nobody.yaml, ../outside.yaml]\n")
    assert {file for file, *_ in found} == {"broken.yaml", "top.yaml"}
    assert len(found) == 3


def test_the_number_of_files_has_an_end(study: Path) -> None:
    names = [f"patch{number}.yaml" for number in range(25)]
    for name in names:
        write(study, name, "title: patch\n")
    assert load(write(study, "few.yaml", f"extends: [reference.yaml, {', '.join(names[:18])}]\n")).title == "patch"
    for more in (names[:20], names):
        found = problems(study, f"extends: [{', '.join(more)}]\n")
        assert found == [("top.yaml", 1, "extends: more than 20 files extend each other")]


def test_a_text_may_extend_several_files_of_its_folder(study: Path) -> None:
    text = "extends: [reference.yaml, targets/strict.yaml]\nname: text\n"
    assert loads(text, root=study).policies.emission_cap is not None
    with pytest.raises(ScenarioError, match=r"'reference\.yaml' cannot be read: this scenario has no folder"):
        loads(text)


def test_a_folder_is_run_without_its_targets(study: Path) -> None:
    write(study, "strict.yaml", "policies: {carbon_price: 150}\n")
    top = write(study, "top.yaml", "extends: [reference.yaml, strict.yaml]\n")
    told: list[str] = []
    found = find([study], Selection(), told.append)
    assert [f.path for f in found] == [study / "reference.yaml", top]
    assert len(told) == 1
    assert "strict.yaml is left out" in told[0]
