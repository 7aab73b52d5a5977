"""Quantities and sites kept in CSV files: comma-separated, a header line, lines that start with '#' are comments."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from functools import lru_cache

from .base import FrozenDict
from .entries import is_entry
from .files import FileError, Study
from .problems import Report, did_you_mean
from .quantity import Quantity, Table, Value
from .scalars import ScalarError, scalar
from .tree import Key, Path

Row = dict[str, str]
LINE = "#line"


class TableError(ValueError):
    """A table cannot be read from this line on."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Site:
    """One plant in the table of existing plants; `capacity` in the default unit of its process."""

    site: str
    region: str
    process: str
    capacity: float
    start: int | None = None


@dataclass
class Tables:
    """The tables of one study, each read once; what is wrong with them is reported where they are used."""

    study: Study
    report: Report
    _rows: dict[str, list[Row] | None] = field(default_factory=dict)
    _refused: set[tuple[str, str]] = field(default_factory=set)

    def rows(self, name: str, path: Path) -> list[Row] | None:
        """The rows of a table, or None after reporting why there are none."""
        if name not in self._rows:
            self._rows[name] = None
            try:
                text = self.study.table(name)
                self._rows[name] = _parse_shipped(text) if name.startswith("package:") else parse(text)
            except FileError as error:
                self.report.add(error.code, path, str(error))
            except TableError as error:
                self.report.add("table", path, f"'{name}', line {error.line}: {error}")
            except csv.Error as error:
                self.report.add("table", path, f"'{name}' is not a CSV table: {error}")
        return self._rows[name]

    def columns(self, table: Table, wanted: tuple[str, ...], path: Path) -> list[Row] | None:
        """The rows that the table's `where` picks, after checking that the wanted columns exist."""
        rows = self.rows(table.path, path)
        if rows is None:
            return None
        if not rows:
            self._wrong(path, f"'{table.path}' has no rows")
            return None
        for column in (*wanted, *(c for c, _ in table.where)):
            if column not in rows[0]:
                known = did_you_mean(column, (c for c in rows[0] if c != LINE))
                self._wrong(path, f"'{table.path}' has no column '{column}'{known}")
                return None
        picked = [row for row in rows if all(row[c] == text for c, text in table.where)]
        if not picked:
            wanted_rows = ", ".join(f"{c} = {text}" for c, text in table.where)
            self._wrong(path, f"'{table.path}' has no row with {wanted_rows}")
        return picked or None

    def quantity(self, given: Quantity, path: Path) -> Quantity:
        """The quantity with the points of its table, still as written there."""
        table = given.table
        rows = self.columns(table, (table.column,), path) if table else None
        points: dict[str | None, dict[int | None, Value]] = {}
        for row in rows or ():
            assert table is not None
            region, year = row.get("region") or None, self._year(row, "year", table, path)
            value = self._value(row, table.column, table, path)
            self._remember(row, table, path, region, year)
            years = points.setdefault(region, {})
            if year in years:
                self._wrong(path, f"a second value for {region or 'all'}, {year or 'all years'}", row, table)
            elif years and (year is None) != (None in years):
                self._wrong(path, "column 'year' is empty here or in a row before, but not in all", row, table)
            elif value is not None:
                years[year] = value
        return replace(given, points=FrozenDict({r: FrozenDict(y) for r, y in points.items()}))

    def sites(
        self, table: Table, plant: str, known: Collection[Key], read: Callable[[Value, Path], float], path: Path
    ) -> tuple[Site, ...]:
        """The existing plants of one process among the `known`; `read` turns what is written into its capacity unit.

        Rows of plants that the catalogue has and the study does not take are left out: one table serves many studies.
        """
        rows = self.columns(table, ("region", "capacity"), path)
        sites = []
        for row in rows or ():
            owner = row.get("process", plant)
            if owner not in known:
                self._refuse_owner(owner, row, table, known, path)
            if owner != plant:
                continue
            region, start = row["region"], self._year(row, "campaign_year", table, path)
            value = self._value(row, "capacity", table, path)
            if value is not None:
                cell = self._remember(row, table, path, region, start)
                sites.append(Site(row.get("site", ""), region, plant, read(value, cell), start))
        if rows and not sites:
            self._wrong(path, f"'{table.path}' has no row with process = {plant}")
        return tuple(sites)

    def _refuse_owner(self, owner: str, row: Row, table: Table, known: Collection[Key], path: Path) -> None:
        """Tell once of a plant in a table that neither the study nor the catalogue knows."""
        if (table.path, owner) in self._refused or is_entry(owner):
            return
        self._refused.add((table.path, owner))
        self._wrong(path, f"'{owner}' is no process of the scenario{did_you_mean(owner, known)}", row, table)

    def series(self, name: str, column: str, path: Path) -> tuple[float, ...] | None:
        """A column as a series, in the order of the rows."""
        table = Table(name, column)
        rows = self.columns(table, (column,), path)
        if rows is None:
            return None
        values = [self._value(row, column, table, path) for row in rows]
        texts = [(row, v) for row, v in zip(rows, values, strict=True) if isinstance(v, str)]
        for row, value in texts[:1]:
            self._wrong(path, f"'{value}' is not a number", row, table)
        return None if texts or None in values else tuple(float(v) for v in values if v is not None)

    def _value(self, row: Row, column: str, table: Table, path: Path) -> Value | None:
        try:
            value = scalar(row[column])
        except ScalarError as error:
            self.report.add(error.code, path, str(error), cell=_cell(row, table))
            return None
        if value is None or isinstance(value, bool):
            self._wrong(path, f"column '{column}' holds no number", row, table)
            return None
        unit = row.get("unit", "")
        return f"{value} {unit}" if unit and not isinstance(value, str) else value

    def _year(self, row: Row, column: str, table: Table, path: Path) -> int | None:
        text = row.get(column, "")
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) == 4):
            self._wrong(path, f"'{text}' in column '{column}' is not a year", row, table)
            return None
        return int(text)

    def _remember(self, row: Row, table: Table, path: Path, region: str | None, year: int | None) -> Path:
        """The path of the value in a row; what later phases find wrong with it is told with table and line."""
        for part in (region, year):
            if part is not None:
                self.report.cells.setdefault((*path, part), _cell(row, table))
        below: Path = (*path, *(part for part in (region, year) if part is not None))
        self.report.cells[below] = _cell(row, table)
        return below

    def _wrong(self, path: Path, message: str, row: Row | None = None, table: Table | None = None) -> None:
        self.report.add("table", path, message, cell=_cell(row, table) if row and table else "")


def _cell(row: Row, table: Table) -> str:
    return f"'{table.path}', line {row[LINE]}"


def parse(text: str) -> list[Row]:
    """The rows as texts by column, without blanks around them, each with its line number under LINE.

    Raises TableError for a header that names no columns and for a row with fewer or more cells than it.
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip() and line[0] != "#"]
    if not lines:
        return []
    reader = csv.reader((line for _, line in lines), skipinitialspace=True)
    header = [name.strip() for name in next(reader)]
    _check_header(header, lines[0][0])
    rows = [(lines[reader.line_num - 1][0], cells) for cells in reader]
    _check_lengths(rows, len(header))
    return [{LINE: str(number)} | dict(zip(header, map(str.strip, cells), strict=True)) for number, cells in rows]


def _check_lengths(rows: list[tuple[int, list[str]]], wanted: int) -> None:
    """A cell too few or too many would move all that follow into other columns."""
    wrong = [(number, len(cells)) for number, cells in rows if len(cells) != wanted]
    if not wrong:
        return
    (line, found), *others = wrong
    hint = "a decimal comma?" if found > wanted else "an empty cell needs its comma too"
    more = f" (wrong too: line {_some(others)})" if others else ""
    raise TableError(line, f"row has {found} fields, the header {wanted}; {hint}{more}")


def _some(rows: list[tuple[int, int]]) -> str:
    """The first few line numbers, and how many more there are."""
    shown = ", ".join(str(number) for number, _ in rows[:5])
    return f"{shown} and {len(rows) - 5} more" if len(rows) > 5 else shown


def _check_header(header: list[str], line: int) -> None:
    for mark, name in ((";", "';'"), ("\t", "tabs")):
        if len(header) == 1 and mark in header[0]:
            raise TableError(line, f"columns are separated by {name}; the separator must be a comma")
    twice = [name for name, count in Counter(header).items() if name and count > 1]
    if twice:
        raise TableError(line, f"column '{twice[0]}' stands twice")


_parse_shipped = lru_cache(maxsize=4)(parse)  # a sweep changes the scenario many times, the shipped series never
