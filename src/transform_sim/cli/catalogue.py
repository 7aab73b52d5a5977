"""`transform-sim catalogue`: what the shipped catalogue holds, and where each number comes from."""

from __future__ import annotations

import typer
from rich.table import Table

from transform_sim.catalogue import QUALITIES, UnknownEntryError, entries, show
from transform_sim.scenario.entries import SECTIONS
from transform_sim.scenario.problems import did_you_mean

from .reporter import Reporter


def list_entries(sector: str | None, reporter: Reporter) -> None:
    """A table of the entries, or of those of one sector; raises typer.BadParameter for a sector that has none."""
    frame = entries()
    sectors = [name for name in frame["sector"].unique() if name]
    if sector is not None and sector not in sectors:
        raise typer.BadParameter(f"no entry has the sector '{sector}'{did_you_mean(sector, sectors)}")
    chosen = frame if sector is None else frame[frame["sector"] == sector]
    table = _table("entry", "what", "title", "sector", "unit", *QUALITIES)
    for row in chosen.reset_index().to_dict("records"):
        counts = (str(row[quality] or "") for quality in QUALITIES)
        table.add_row(row["name"], SECTIONS[row["section"]], row["title"], row["sector"], row["unit"], *counts)
    reporter.show(table)
    reporter.show(f"{len(chosen)} entries, {chosen['numbers'].sum()} numbers with their source")


def show_entry(name: str, reporter: Reporter) -> None:
    """What one entry is, and every number of it; raises typer.BadParameter for a name that is none."""
    try:
        entry = show(name)
    except UnknownEntryError as error:
        raise typer.BadParameter(str(error)) from None
    reporter.show(entry.heading)
    if entry.about:
        reporter.show(entry.about)
    if not entry.numbers:
        return
    table = _table("number", "value", "low", "high", "unit", "quality", "source and note")
    for *cells, source, note in entry.lines:
        table.add_row(*cells, f"{source}\n{note}" if note else source)
    reporter.show(table)


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in headings:
        justify = "right" if heading in ("value", "low", "high", *QUALITIES) else "left"
        table.add_column(heading, justify=justify, overflow="fold")  # type: ignore[arg-type]
    return table
