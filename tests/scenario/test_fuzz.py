"""Whatever is read, the answer is a scenario or a ScenarioError with problems that have a text."""

from __future__ import annotations

import string
from contextlib import suppress
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from transform_sim.errors import ScenarioError
from transform_sim.scenario import Scenario, loads
from transform_sim.scenario.problems import KINDS
from transform_sim.scenario.reader import read
from transform_sim.scenario.tree import from_plain, plain, walk
from transform_sim.scenario.write import write

from .study import STUDY

LINES = STUDY.splitlines()
SOUND = loads(STUDY)
NODE, _ = read(STUDY, "x.yaml")
assert NODE is not None
DATA = plain(NODE)
PATHS = [path for path, _ in walk(NODE) if path]
ODD_VALUES = """\
~ | {} | [] | 0 | -1 | 1e30 | inf | -inf t | .nan | 1,5 | 010 | true | 2030 | 'x' | steel | ruhr | emission | annual
package:x/y | package:de_2025/price | {table: x.csv} | {table: package:price_indices} | 5 EUR/t | 5 % | !!int 5
{2025: 1} | {ruhr: 1} | {value: } | {value: {value: 1}} | {2025: {2030: 1}} | {ruhr: {rest: 1}} | {a: {b: {c: {}}}}
[[1]] | [{price: 1}] | {slices: {}} | {typical_days: } | &a [*a]
"""
ODD = st.sampled_from([word.strip() for line in ODD_VALUES.splitlines() for word in line.split("|")])
WORDS = st.text(alphabet=string.printable + "äµ€\u2028\x00\ud7ff", max_size=30)


def attempt(text: str) -> Scenario | None:
    """The scenario, or None after checking that the refusal is a proper one."""
    try:
        return loads(text)
    except ScenarioError as error:
        refusal = error
    assert refusal.problems
    assert str(refusal)
    for problem in refusal.problems:
        assert problem.code in KINDS
        assert problem.message
        assert "pydantic" not in problem.message
    return None


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
@example("%YAML 9.9\n---\na: b\n")
@example('a: "\\UFFFFFFFF"\n')
@example("? ? ? a\n")
@example("a: !<\n")
@example("- - - -\n  -")
@example("\ufeff")
@example("a:\n  - b\n c: d\n")
@example("&a a: *a\n")
@example("!!binary aGk=\n")
@example("{" * 500)
@example("- " * 500)
@example("a: |\n\t\tx\n")
def test_any_text(text: str) -> None:
    attempt(text)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(LINES) - 1), st.integers(0, 80), WORDS, st.booleans())
def test_a_word_in_the_wrong_place(line: int, column: int, word: str, replace: bool) -> None:
    changed = list(LINES)
    old = changed[line]
    changed[line] = old[:column] + word + (old[column + len(word) :] if replace else old[column:])
    attempt("\n".join(changed))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, len(LINES) - 1), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_lines_left_out_or_moved(chosen: list[int], random: Any) -> None:
    kept = [line for number, line in enumerate(LINES) if number not in chosen]
    attempt("\n".join(kept))
    for number in chosen:
        kept.insert(random.randrange(len(kept)), LINES[number])
    attempt("\n".join(kept))


@settings(max_examples=250, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PATHS), ODD), min_size=1, max_size=3))
def test_odd_values_anywhere(changes: list[tuple[Any, str]]) -> None:
    marked = {f"odd{n}mark": value for n, (_, value) in enumerate(changes)}
    data = DATA
    for mark, (path, _) in zip(marked, changes, strict=True):
        data = _set(data, path, mark)
    text = write(data)
    for mark, value in marked.items():
        text = text.replace(mark, value)
    attempt(text)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(PATHS),
    st.one_of(st.none(), st.floats(), st.integers(), st.text(max_size=8), st.just({}), st.just([])),
)
def test_any_change(path: Any, value: object) -> None:
    with suppress(ScenarioError):
        SOUND.with_({".".join(map(str, path)): value})


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(PATHS), st.text(alphabet=string.ascii_lowercase + "_.", max_size=8))
def test_any_name_for_a_key(path: Any, name: str) -> None:
    data = plain(from_plain(DATA, "x.yaml"))
    parent = data
    for key in path[:-1]:
        parent = parent[key]
    if isinstance(parent, dict):
        parent[name or "x"] = parent.pop(path[-1])
    attempt(write(data))


def _set(data: Any, path: Any, value: Any) -> Any:
    if not path:
        return value
    if isinstance(data, dict):
        return {k: _set(v, path[1:], value) if k == path[0] else v for k, v in data.items()}
    if isinstance(data, tuple):
        return tuple(_set(v, path[1:], value) if k == path[0] else v for k, v in enumerate(data))
    return data
