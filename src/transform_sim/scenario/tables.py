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
            region, year = row.get("region") or None, self._year(row, "year", table, path)
            value = self._value(row, table.column, table, path) if table else None
            years = points.setdefault(region, {})
            if year in years:
                self._wrong(
                    path, f"{self._place(row, table)}: a second value for {region or 'all'}, {year or 'all years'}"
                )
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
            start = self._year(row, "campaign_year", table, path)
            value = self._value(row, "capacity", table, path)
            if value is not None:
                sites.append(Site(row.get("site", ""), row["region"], plant, read(value, path), start))
        if rows and not sites:
            self._wrong(path, f"'{table.path}' has no row with process = {plant}")
        return tuple(sites)

    def _refuse_owner(self, owner: str, row: Row, table: Table, known: Collection[Key], path: Path) -> None:
        """Tell once of a plant in a table that neither the study nor the catalogue knows."""
        if (table.path, owner) in self._refused or is_entry(owner):
            return
        self._refused.add((table.path, owner))
        message = f"'{owner}' is no process of the scenario{did_you_mean(owner, known)}"
        self._wrong(path, f"{self._place(row, table)}: {message}")

    def series(self, name: str, column: str, path: Path) -> tuple[float, ...] | None:
        """A column as a series, in the order of the rows."""
        table = Table(name, column)
        rows = self.columns(table, (column,), path)
        if rows is None:
            return None
        values = [self._value(row, column, table, path) for row in rows]
        texts = [(row, v) for row, v in zip(rows, values, strict=True) if isinstance(v, str)]
        for row, value in texts[:1]:
            self._wrong(path, f"{self._place(row, table)}: '{value}' is not a number")
        return None if texts or None in values else tuple(float(v) for v in values if v is not None)

    def _value(self, row: Row, column: str, table: Table | None, path: Path) -> Value | None:
        try:
            value = scalar(row[column].strip())
        except ScalarError as error:
            self.report.add(error.code, path, f"{self._place(row, table)}: {error}")
            return None
        if value is None or isinstance(value, bool):
            self._wrong(path, f"{self._place(row, table)}: column '{column}' holds no number")
            return None
        unit = row.get("unit", "").strip()
        return f"{value} {unit}" if unit and not isinstance(value, str) else value

    def _year(self, row: Row, column: str, table: Table | None, path: Path) -> int | None:
        text = row.get(column, "").strip()
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) == 4):
            self._wrong(path, f"{self._place(row, table)}: '{text}' in column '{column}' is not a year")
            return None
        return int(text)

    def _place(self, row: Row, table: Table | None) -> str:
        return f"'{table.path if table else ''}', line {row[LINE]}"

    def _wrong(self, path: Path, message: str) -> None:
        self.report.add("table", path, message)


def parse(text: str) -> list[Row]:
    """The rows as texts by column, each with its line number under LINE; cells that a short row lacks are empty.

    Raises TableError for a header that names no columns and for a row that is longer than it.
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line and line[0] != "#"]
    if not lines:
        return []
    reader = csv.reader(line for _, line in lines)
    header = [name.strip() for name in next(reader)]
    _check_header(header, lines[0][0])
    rows = []
    for cells in reader:
        number = lines[reader.line_num - 1][0]
        if len(cells) > len(header):
            raise TableError(number, f"row has {len(cells)} fields, the header {len(header)}; a decimal comma?")
        rows.append({LINE: str(number)} | dict.fromkeys(header, "") | dict(zip(header, cells, strict=False)))
    return rows


def _check_header(header: list[str], line: int) -> None:
    for mark, name in ((";", "';'"), ("\t", "tabs")):
        if len(header) == 1 and mark in header[0]:
            raise TableError(line, f"columns are separated by {name}; the separator must be a comma")
    twice = [name for name, count in Counter(header).items() if name and count > 1]
    if twice:
        raise TableError(line, f"column '{twice[0]}' stands twice")


_parse_shipped = lru_cache(maxsize=4)(parse)  # a sweep changes the scenario many times, the shipped series never
