"""What can be wrong with a scenario: one record per problem, and how a list of them is shown.

Every problem has a code from `KINDS`; the tests walk that table and provoke each one.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Sized
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path as FilePath

from .tree import Node, Path, locate

SHOWN = 10
GUESSED = 500
"""Among more names no likely one is looked for; it would take minutes if many are wrong."""

KINDS = {
    # the file
    "missing-file": "a file does not exist or cannot be read",
    "outside-study": "a file lies outside the study folder",
    "too-large-file": "a file is larger than any scenario or table",
    "encoding": "a file is not UTF-8 text",
    "empty-file": "the file holds nothing",
    "not-a-mapping": "the top of the file is a list or a single value",
    # the YAML
    "syntax": "the text is not valid YAML",
    "tab": "a line is indented with a tab",
    "repeated-key": "a key stands twice in one mapping",
    "bad-key": "a key is neither a name nor a year",
    "bad-name": "a name holds characters that paths and tables cannot carry",
    "tag": "a YAML tag asks to construct something",
    "too-deep": "mappings and lists are nested too deep",
    "too-many-values": "the file holds too many values, or its aliases expand to too many",
    # numbers
    "decimal-comma": "a number is written with a decimal comma",
    "thousands": "a number is written with marks between thousands",
    "leading-zero": "a number starts with a zero",
    "not-a-number": "a value is NaN",
    "infinite": "a value is infinite where that makes no sense",
    "too-large": "a number is beyond any quantity",
    "unit": "a text is no number with a unit, or its unit does not fit the field",
    "out-of-range": "a value lies outside the range of its field",
    "wrong-dims": "a value is given over years or regions where its field knows none",
    "mixed-keys": "the keys of a quantity are neither all years nor all regions",
    "low-high": "low, value and high of a quantity are not in order",
    # extends, variants, changes
    "cyclic-extends": "files extend each other in a circle",
    "order-of-bases": "a file is to change one that extends it, or is named twice",
    "unknown-variant": "the named variant does not exist",
    # the catalogue
    "unknown-entry": "the catalogue has no entry of that name",
    # shape
    "unknown-key": "a key is not known in its section",
    "missing-key": "a needed key is absent",
    "wrong-type": "a value is text, number, list or mapping where another is needed",
    "wrong-choice": "a value is none of the allowed words",
    "no-effect": "a key is given that has no effect there",
    # names
    "unknown-name": "a name refers to nothing in the scenario",
    "repeated-name": "a name is used by two plants, or stands twice in a list",
    "unknown-unit": "the unit of a commodity, process or resource is not one that amounts are measured in",
    "unknown-currency": "the currency is not money of a year with a price index",
    # time
    "horizon": "end, start and step of the horizon do not fit, or there are too many periods",
    "slices": "the slices do not make up the year",
    "profile-length": "a series does not cover the year",
    "profile-values": "the values of a series do not suit its use",
    # tables
    "table": "a table lacks a column or row, or holds text where a number is needed",
    # plants
    "region": "something stands where it may not stand",
    "missing-place": "a value by region or node leaves out one where it is needed",
    "years": "years contradict each other",
    "growth": "growth without a first plant to grow from",
    "techniques": "techniques do not fit the stock or the conversions of their process",
    "retrofit": "a conversion leads to an unsuitable process",
    "operation": "a process is flexible, or follows a profile, though its products are balanced coarser",
    "part-load": "a curve of part load does not suit its process, or is not convex",
    "store": "a store cannot work on the grid of its commodity",
    "link": "the ends of a link do not suit its commodity",
    "flexibility": "a flexible load does not fit its process, its commodity or its method",
    # carbon
    "carbon": "an emission is stated that the carbon of the flows does not give, or carbon comes from nowhere",
    "no-emission": "carbon is released but no commodity takes it",
    "emission": "an emission is used as a commodity, or a commodity as an emission",
    # markets
    "price": "a supply or sale has no price, or more than one",
    "network-charge": "a network charge does not fit its purchases or its regulation",
    "policy": "a policy does not fit what it is about",
    "elasticity": "an elastic demand lacks its reference, or its prices are not in order",
    "unreachable": "a demand that nothing can meet",
}


@dataclass(frozen=True)
class Problem:
    """One mistake: its kind, where it stands, and a sentence with the value and what would be right."""

    code: str
    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        place = f":{self.line}  " if self.line else ""
        return f"{place}{self.path}: {self.message}" if self.path else f"{place}{self.message}"


class Report:
    """Gathers the problems of one scenario; `tree` tells where each path was written.

    `cells` tells of values that come from tables in which cell they stand: path → "'prices.csv', line 3".
    """

    def __init__(self, tree: Node, problems: Iterable[Problem] = ()) -> None:
        self.tree = tree
        self.cells: dict[Path, str] = {}
        self._told_cells: set[str] = set()
        self.problems = list(problems)
        self._told = set(self.problems)
        # a value that the reader refused must not be called wrong a second time by a later phase
        self._refused = {(p.file, p.line) for p in self.problems if p.line}

    def told_about(self, section: str) -> bool:
        """Whether a problem of a top section is known already, so that consequences can stay untold."""
        return any(p.path.split(".")[0] == section for p in self.problems)

    def add(self, code: str, path: Path, message: str, key: str | int | None = None, cell: str = "") -> None:
        """Note a problem at `path`, in the line of `key` under it if given; `code` must be one of KINDS.

        What is wrong with the `cell` of a table is told once, however many values use it.
        """
        if code not in KINDS:
            raise KeyError(code)
        place = path if key is None else (*path, key)
        cell = cell or self.cells.get(place, "")
        if cell:
            message = f"{cell}: {message}"
            if message in self._told_cells:
                return
            self._told_cells.add(message)
        node = locate(self.tree, place)
        problem = Problem(code, node.file, node.line, dotted(path), message)
        if (node.file, node.line) not in self._refused and problem not in self._told:
            self._told.add(problem)
            self.problems.append(problem)


def dotted(path: Path) -> str:
    """A path as people write it: processes.h2_dri.flows."""
    return ".".join(str(key) for key in path)


def did_you_mean(name: object, known: Iterable[object]) -> str:
    """'. Did you mean 'x'?', or the known names if they are few, or nothing."""
    if isinstance(known, Sized) and len(known) > GUESSED:
        return ""
    names = sorted({str(k) for k in known})
    close = difflib.get_close_matches(str(name), names, 1, 0.6)
    if close:
        return f". Did you mean '{close[0]}'?"
    return f"; known are {', '.join(names)}" if 0 < len(names) <= 12 else ""


def render(problems: Iterable[Problem]) -> str:
    """The first ten problems, by file and line, under the name and count of each file."""
    ordered = sorted(problems, key=lambda p: (p.file, p.line))
    lines: list[str] = []
    for file, group in groupby(ordered[:SHOWN], key=lambda p: p.file):
        count = sum(p.file == file for p in ordered)
        lines.append(f"{display(file)}: {count} problem{'s' if count > 1 else ''}")
        lines.extend(f"  {problem}" for problem in group)
    if len(ordered) > SHOWN:
        lines.append(f"  … and {len(ordered) - SHOWN} more")
    return "\n".join(lines)


def display(file: str) -> str:
    """The file relative to the current folder where it lies below it."""
    if not FilePath(file).is_absolute():
        return file
    relative = os.path.relpath(file)
    return file if relative.startswith("..") else relative
