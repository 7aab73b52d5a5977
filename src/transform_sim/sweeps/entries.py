"""The scenarios of a batch before they are solved: read from files and folders, each with a name of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from transform_sim.errors import ScenarioError, TransformSimError
from transform_sim.scenario import Scenario, load
from transform_sim.scenario.found import Found, Selection, find

BATCH = "batch"
"""Folder of the store, beside those of the scenarios; also what the manifest gives as the design."""


@dataclass(frozen=True)
class Entry:
    """One scenario of a batch, or why it cannot be read.

    Attributes:
        name: its label and its folder; no other of the batch has it.
        file, variant: where it was read from; empty for none.
        problem: why there is no scenario.
    """

    name: str
    scenario: Scenario | None
    file: str = ""
    variant: str = ""
    problem: str = ""

    @classmethod
    def of(cls, found: Found, scenario: Scenario | None, problem: str = "") -> Entry:
        """Of a file; named like it if it cannot be read."""
        name = found.stem if scenario is None else scenario.name
        return cls(name, scenario, str(found.path), found.variant or "", problem)


def named(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The same with names apart: where one is taken, the first of name-2, name-3, … that is free.

    Case does not tell two apart. Those that can be read choose first, so that a broken file moves no folder.
    """
    taken, out = {BATCH}, list(entries)
    for i in sorted(range(len(out)), key=lambda i: out[i].scenario is None):
        chosen, n = out[i].name, 1
        while chosen.casefold() in taken:
            n += 1
            chosen = f"{out[i].name}-{n}"
        taken.add(chosen.casefold())
        out[i] = replace(out[i], name=chosen)
    return tuple(out)


def gathered(given: Iterable[Scenario | str | Path], all_variants: bool, root: Path | None) -> tuple[Entry, ...]:
    """Scenarios, files and folders as entries; one that cannot be read says why.

    Raises TransformSimError if there is none, TypeError for anything else, OSError for a folder that cannot be read.
    """
    selection, out = Selection((), all_variants, root), dict[object, Entry]()
    for one in given:
        if isinstance(one, Scenario):
            out[len(out)] = Entry(one.name, one, "" if one.path is None else str(one.path))
            continue
        if not isinstance(one, str | Path):
            raise TypeError(f"a batch is of scenarios, files and folders, one or several; {one!r} is none of them")
        for found in find([Path(one)], selection, lambda _: None):
            key = found.path.resolve(), found.variant
            if key not in out:
                out[key] = _read(found, root)
    if not out:
        raise TransformSimError("there is no scenario in what was given. Name scenario files, or folders with some")
    return named(list(out.values()))


def _read(found: Found, root: Path | None) -> Entry:
    try:
        return Entry.of(found, load(found.path, found.variant, root))
    except (ScenarioError, OSError) as error:
        return Entry.of(found, None, str(error))
