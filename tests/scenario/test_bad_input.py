"""Every kind of problem is provoked once at least, with the sentence that a user reads."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from transform_sim.errors import ScenarioError
from transform_sim.scenario import load, load_variants, loads
from transform_sim.scenario.problems import KINDS

from .study import STUDY, problems_in, problems_of, shown, spoilt

BAD = [
    pytest.param(row["code"], tuple(row["change"].items()), row["says"], id=f"{number}-{row['code']}")
    for number, row in enumerate(YAML(typ="safe", pure=True).load(Path(__file__).with_name("bad.yaml")), 1)
]
EMPTY = "the file is empty; a scenario has at least name, horizon, regions, commodities"
BOMB = "".join(f"{name}: &{name} [{', '.join(['*' + before] * 10)}]\n" for before, name in pairwise("abcdefghij"))
TEXTS = [
    ("empty-file", "", EMPTY),
    ("empty-file", "# nothing but a comment\n", EMPTY),
    ("not-a-mapping", "just words\n", "the file is no mapping; a scenario starts with 'name: …'"),
    ("not-a-mapping", "- a\n- b\n", "the file is no mapping; a scenario starts with 'name: …'"),
    ("syntax", "name: [1, 2\n", "not valid YAML here: a ',' or ']' is missing"),
    ("syntax", "name: a: b\n", "not valid YAML here: a ':' too many, or wrong indentation"),
    ("syntax", "name: 'never closed\n", "not valid YAML here: a quote is never closed"),
    ("syntax", "name: *nobody\n", "name: alias *nobody refers to nothing before it"),
    ("syntax", "name: a\n---\nname: b\n", "a second document starts here; a file holds one scenario"),
    ("syntax", "name: \x01\n", "character U+0001 has no place in a text file"),
    ("tab", "name: a\nregions:\n\truhr: {}\n", "a tab in the indentation. Indent with spaces"),
    ("repeated-key", STUDY + "name: again\n", "key 'name' stands twice; the first is in line 1"),
    ("bad-key", STUDY + "? [a, b]\n: 1\n", "a key must be a name or a year, not a mapping or list"),
    ("bad-key", STUDY + "true: 1\n", "a key must be a name or a year, not 'True'; quote it if it is a name"),
    ("bad-key", STUDY + "<<: {a: 1}\n", "'<<' is not read. Use extends or variants, or repeat the values"),
    (
        "tag",
        STUDY + "title: !!python/object/apply:os.system ['ls']\n",
        "title: tag 'tag:yaml.org,2002:python/object/apply:os.system' is not obeyed; write plain values",
    ),
    ("too-deep", "name: " + "[" * 60 + "]" * 60, "nested deeper than 40 levels"),
    ("too-many-values", "a: &a [1]\n" + BOMB, "more than 100,000 values; long series belong in a table"),
]


@pytest.mark.parametrize(
    ("code", "changes", "message"), BAD, ids=lambda v: v if isinstance(v, str) and " " not in v else ""
)
def test_mistake_is_named(code: str, changes: tuple[tuple[str, str], ...], message: str) -> None:
    problems = problems_of(spoilt(*changes))
    assert (code, message) in [(p.code, shown(p)) for p in problems]


@pytest.mark.parametrize(("code", "text", "message"), TEXTS, ids=[code for code, *_ in TEXTS])
def test_broken_text_is_named(code: str, text: str, message: str) -> None:
    problems = problems_of(text)
    found = [(p.code, shown(p)) for p in problems]
    assert any(c == code and m.endswith(message) for c, m in found), found


def test_most_mistakes_give_one_problem() -> None:
    """One slip of the pen is one problem, not an avalanche."""
    changes = [row.values[1] for row in BAD if len(row.values[1]) == 1]
    assert [c for c in changes if len(problems_of(spoilt(*c))) > 2] == []


def _file_problems(tmp_path: Path) -> set[str]:
    """Codes of what only files can get wrong; each with its sentence asserted."""
    study = tmp_path / "study"
    study.mkdir()
    found = set()

    def expect(code: str, message: str, text: str | bytes, **arguments: object) -> None:
        file = study / "scenario.yaml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        problems = [(p.code, shown(p)) for p in problems_in(file, **arguments)]
        assert (code, message) in problems, problems
        found.add(code)

    (tmp_path / "outside.yaml").write_text(STUDY)
    (tmp_path / "outside.csv").write_text("value\n1\n")
    (study / "circle.yaml").write_text("extends: scenario.yaml\n")
    (study / "prices.csv").write_text("year,price\n2025,70\n2030,expensive\n2025,60\n")
    os.symlink(tmp_path / "outside.csv", study / "link.csv")
    outside = "lies outside the study folder. Move it there, or set root (--root)"
    expect("outside-study", f"extends: '../outside.yaml' {outside}", "extends: ../outside.yaml\n")
    expect("outside-study", f"extends: '/etc/passwd' {outside}", "extends: /etc/passwd\n")
    expect(
        "outside-study", f"supply.coal.price: 'link.csv' {outside}", spoilt(("price: 10}", "price: {table: link.csv}}"))
    )
    expect("missing-file", "extends: there is no file 'nobody.yaml' in the study folder", "extends: nobody.yaml\n")
    expect(
        "missing-file",
        "supply.coal.price: there is no file 'no.csv' in the study folder",
        spoilt(("price: 10}", "price: {table: no.csv}}")),
    )
    expect(
        "missing-file",
        "supply.coal.price: there is no shipped table 'package:../units'",
        spoilt(("price: 10}", "price: {table: package:../units}}")),
    )
    expect(
        "cyclic-extends",
        "extends: 'scenario.yaml' leads back to itself: scenario.yaml → circle.yaml → scenario.yaml",
        "extends: circle.yaml\n",
    )
    (study / "patch.yaml").write_text("title: patched\n")
    expect("order-of-bases", "extends: 'patch.yaml' is named twice", "extends: [patch.yaml, patch.yaml]\n")
    expect(
        "unknown-variant",
        "variants: there is no variant 'hihg'. Did you mean 'high'?",
        STUDY + "variants: {high: {title: x}}\n",
        variant="hihg",
    )
    expect("unknown-variant", "variants: there is no variant 'high'; the file has none", STUDY, variant="high")
    expect("wrong-type", "variants.high: 5 is no mapping of changes", STUDY + "variants: {high: 5}\n")
    expect("encoding", "'scenario.yaml' is not UTF-8 text (line 2). Save it as UTF-8", b"name: a\ntitle: M\xfcnchen\n")
    table = "price: 10}", "price: {table: prices.csv, column: price}}"
    expect("table", "supply.coal.price: 'prices.csv', line 4: a second value for all, 2025", spoilt(table))
    wrong = "'prices.csv', line 3: 'expensive' is not a number with a unit, such as '3.2 EUR2020/MWh'"
    expect("unit", f"supply.coal.price.2030: {wrong}", spoilt(table))
    expect(
        "table",
        "supply.coal.price: 'prices.csv' has no column 'prize'. Did you mean 'price'?",
        spoilt((table[0], table[1].replace("column: price", "column: prize"))),
    )
    expect(
        "table",
        "supply.coal.price: 'prices.csv' has no row with year = 1999",
        spoilt((table[0], table[1].replace("}}", ", where: {year: 1999}}}"))),
    )
    expect(
        "table",
        "supply.coal.price: a table is {table: file.csv, column: name, where: {column: text}}, not {'table': 5}",
        spoilt(("price: 10}", "price: {table: 5}}")),
    )
    expect("too-large-file", "'scenario.yaml' has 50 MB; at most 2 MB are read", b"#" * 50_000_000)
    return found  # fmt: skip


def test_every_kind_of_problem_is_provoked(tmp_path: Path) -> None:
    provoked = {row.values[0] for row in BAD} | {code for code, *_ in TEXTS} | _file_problems(tmp_path)
    assert provoked == set(KINDS)


def test_all_problems_come_at_once_by_line() -> None:
    text = spoilt(
        ("steel: 1, hydrogen: -1.7", "steel: 1, hydrogn: -1.7"),
        ("earliest: 2028", "earlyest: 2028"),
        ("ruhr: 3.0e6", "ruhr: 28.000.000"),
        ("1000 EUR/kW", "1000 EUR/kg"),
    )
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    assert str(caught.value) == (
        "<text>: 4 problems\n"
        "  :24  processes.shaft.flows: unknown commodity 'hydrogn'. Did you mean 'hydrogen'?\n"
        "  :27  processes.shaft: unknown key 'earlyest'. Did you mean 'earliest'?\n"
        "  :31  processes.electrolysis.capex: the unit EUR2020/kg does not fit; EUR2020/MW is expected, or a unit that "
        "converts to it\n"
        "  :45  demand.steel.amount.ruhr: '28.000.000' is text, not a number. Write 28_000_000 or 28e6"
    )


def test_ten_problems_are_shown_and_the_rest_counted() -> None:
    many = "".join(f"  p{i}: {{unit: t, flows: {{nothing{i}: 1}}}}\n" for i in range(14))
    with pytest.raises(ScenarioError) as caught:
        loads(spoilt(("processes:\n", "processes:\n" + many)))
    lines = str(caught.value).splitlines()
    assert lines[0] == "<text>: 14 problems"
    assert lines[-1] == "  … and 4 more"
    assert len(lines) == 12
    assert len(caught.value.problems) == 14


def test_problems_in_an_extended_file_name_that_file(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(spoilt(("earliest: 2028", "earlyest: 2028")))
    (tmp_path / "study.yaml").write_text("extends: base.yaml\nprocesses:\n  furnace: {lifetime: -1}\n")
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "study.yaml")
    problems = {(Path(p.file).name, p.line, shown(p)) for p in caught.value.problems}
    assert problems == {
        ("base.yaml", 27, "processes.shaft: unknown key 'earlyest'. Did you mean 'earliest'?"),
        ("study.yaml", 3, "processes.furnace.lifetime: -1 a is not above zero"),
    }


def test_a_missing_scenario_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"nothing\.yaml: 1 problem\n  'nothing\.yaml' does not exist"):
        load(tmp_path / "nothing.yaml")
    with pytest.raises(ScenarioError, match=r"'.*' is a folder"):
        load(tmp_path)
    with pytest.raises(ScenarioError, match="does not exist"):
        load_variants(tmp_path / "nothing.yaml")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(ScenarioError, match=r"'pipe\.yaml' is no ordinary file"):
        load(tmp_path / "pipe.yaml")


def test_a_text_has_no_folder() -> None:
    assert [shown(p) for p in problems_of("extends: base.yaml\n")] == [
        "extends: 'base.yaml' cannot be read: this scenario has no folder; give root"
    ]


def test_a_chain_of_bases_ends(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number}.yaml").write_text(f"extends: {number + 1}.yaml\n")
    assert [shown(p) for p in problems_in(tmp_path / "0.yaml")] == ["extends: more than 20 files extend each other"]


def test_reading_gives_up_on_a_file_of_mistakes() -> None:
    assert len(problems_of("\n".join(f"k{i}: 1,5" for i in range(5000)))) == 1000
    assert len(problems_of(STUDY + "\n".join(f"k{i}: 1" for i in range(5000)))) == 1000


def test_an_endless_line_is_refused() -> None:
    message = "a line of 300,003 characters; at most 200,000 are read. Long series belong in a table"
    assert [shown(p) for p in problems_of("a: " + "!" * 300_000)] == [message]


def test_a_huge_text_is_refused() -> None:
    assert [p.code for p in problems_of("#" * 50_000_000)] == ["too-large-file"]


def test_no_pydantic_words_reach_the_user() -> None:
    for row in BAD:
        for problem in problems_of(spoilt(*row.values[1])):
            assert "pydantic" not in problem.message
            assert "Input should" not in problem.message
