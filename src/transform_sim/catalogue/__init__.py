"""The shipped catalogue of plants, stores, networks and commodities, to look things up in.

    ts.catalogue.entries()             every entry, and how well its numbers are known
    ts.catalogue.rows("scrap_eaf")     every number of an entry with unit, range and source
    ts.catalogue.show("scrap_eaf")     the same to read

A study takes an entry with `scrap_eaf: {from: catalogue}`; docs/scenario.md says how.
"""

from __future__ import annotations

from .numbers import QUALITIES, Number, numbers
from .sheet import Sheet, UnknownEntryError
from .tables import entries, rows, show

__all__ = ["QUALITIES", "Number", "Sheet", "UnknownEntryError", "entries", "numbers", "rows", "show"]
