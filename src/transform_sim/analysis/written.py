"""The scenario text that results carry, read once for all that ask: assumptions, titles, plants alone."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from transform_sim.errors import TransformSimError
from transform_sim.results import Results
from transform_sim.scenario import Problem
from transform_sim.scenario.reader import read
from transform_sim.scenario.tree import Node, plain


def text_of(results: Results) -> str:
    """The text of the scenario that was solved; empty where results hold none."""
    return str(results.data.attrs.get("scenario_text", ""))


@lru_cache(maxsize=4)
def nodes(text: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """The top mapping of a text, None if there is none, and its problems; not to be changed, as it is shared.

    Kept by the text itself, because a report asks several times and reading a long one takes a second or two.
    """
    root, problems = read(text, "scenario")
    return root, tuple(problems)


def sections_of(text: str, what: str) -> dict[str, Any]:
    """A scenario's text as plain data; raises TransformSimError, saying for what, if results hold none."""
    tree, problems = nodes(text)
    if tree is None or problems:
        raise TransformSimError(f"{what} — these results hold no scenario — give the scenario")
    return dict(plain(tree))
