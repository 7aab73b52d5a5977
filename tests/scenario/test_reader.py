"""The strict YAML reader: what it reads, where it says things stand, and that it reads back what is written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transform_sim.scenario.reader import read
from transform_sim.scenario.scalars import ScalarError, scalar
from transform_sim.scenario.tree import locate, plain
from transform_sim.scenario.write import write


def data(text: str) -> Any:
    node, problems = read(text, "x.yaml")
    assert problems == []
    assert node is not None
    return plain(node)


def test_words_mean_what_yaml_1_2_says() -> None:
    text = "a: 1\nb: 1.5\nc: yes\nd: no\ne: true\nf: ~\ng: 2020-01-01\nh: 1:30\ni: '5'\n"
    text += "j: 28_000_000\nk: 28e6\nl: NO\nm:\n"
    assert data(text) == {
        "a": 1, "b": 1.5, "c": "yes", "d": "no", "e": True, "f": None, "g": "2020-01-01", "h": "1:30", "i": "5",
        "j": 28_000_000, "k": 28e6, "l": "NO", "m": None,
    }  # fmt: skip


def test_years_are_numbers_and_quoted_years_are_names() -> None:
    assert data("a: {2025: 1}\nb: {'2025': 1}\n") == {"a": {2025: 1}, "b": {"2025": 1}}


def test_blocks_flows_anchors_and_long_texts() -> None:
    text = "a: &x\n  b: [1, two]\nc: *x\nd: >-\n  one\n  two\n"
    assert data(text) == {"a": {"b": (1, "two")}, "c": {"b": (1, "two")}, "d": "one two"}


def test_braces_without_blanks_are_read_and_only_a_torn_number_is_refused() -> None:
    assert data("a: {2025: 1,2030: 2,x: [1,2],2035: }\n") == {"a": {2025: 1, 2030: 2, "x": (1, 2), 2035: None}}
    assert data("a: {x: 1, 5: }\n") == {"a": {"x": 1, 5: None}}
    _, problems = read("a: {2025: -1,5e3,2030: 2}\n", "x.yaml")
    assert [str(p) for p in problems] == [":1  a.2025: '-1,5e3' has a decimal comma. Write -1.5e3"]


def test_every_node_knows_its_line() -> None:
    node, _ = read("a:\n  b:\n    c: 1\n  d:\n    - 1\n    - x: 2\ne: {f:\n  3}\n", "x.yaml")
    assert node is not None
    lines = {
        path: locate(node, path).line for path in [("a",), ("a", "b"), ("a", "b", "c"), ("a", "d", 1, "x"), ("e", "f")]
    }
    assert lines == {("a",): 1, ("a", "b"): 2, ("a", "b", "c"): 3, ("a", "d", 1, "x"): 6, ("e", "f"): 7}
    assert locate(node, ("a", "nowhere", "deep")).line == 1


def test_an_alias_stands_where_it_is_used() -> None:
    node, _ = read("a: &x {b: 1}\nc: *x\n", "x.yaml")
    assert node is not None
    assert (locate(node, ("a",)).line, locate(node, ("c",)).line) == (1, 2)


def test_all_refused_words_are_told_and_reading_goes_on() -> None:
    node, problems = read("a: 1,5\nb: 010\nc: .nan\nd: 1\n", "x.yaml")
    assert [(p.line, p.code, p.path) for p in problems] == [
        (1, "decimal-comma", "a"), (2, "leading-zero", "b"), (3, "not-a-number", "c"),
    ]  # fmt: skip
    assert node is not None
    assert plain(node)["d"] == 1


@pytest.mark.parametrize(
    "word", ["1,5", "28.000.000", "1.234,56", "1,234,567", "010", "-007", "00.5", ".nan", "NaN", ".inf", "-.INF"]
)
def test_refused_words(word: str) -> None:
    with pytest.raises(ScalarError):
        scalar(word)


@pytest.mark.parametrize(
    "word", ["1.000", "v1.2.3", "0", "0.5", "-0", "a,b", "1.5.2", "1,5 t", "nanometre", "inf", "2025-01-01", "0x"]
)
def test_words_that_are_left_alone(word: str) -> None:
    scalar(word)


def test_a_number_of_five_thousand_digits_is_no_trap() -> None:
    with pytest.raises(ScalarError):
        scalar("9" * 5000)


def test_aliases_do_not_cost_memory() -> None:
    text = "a: &a [1, 2, 3]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    assert data(text)["c"] == (((1, 2, 3),) * 2,) * 2


KEYS = st.one_of(st.text(min_size=1, max_size=12).filter(lambda t: t.isprintable()), st.integers(1900, 2200))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.floats(-1e20, 1e20) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4).map(tuple) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=5))
def test_what_is_written_is_read_back(given_data: dict[Any, Any]) -> None:
    text = write(given_data)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return  # lone surrogates are no text
    assert data(text) == given_data
