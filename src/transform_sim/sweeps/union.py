"""One program that holds several: what one of them lacks is a column fixed at 0 or a free row there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from transform_sim.lp import Columns, Cost, Entities, Program, Rows
from transform_sim.lp.axes import AxisMap
from transform_sim.lp.blocks import Block, BoundTerm, Declared
from transform_sim.lp.frozen import freeze

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]
Labels = Mapping[str, tuple[str, ...]]
B = TypeVar("B", Columns, Rows)
Key = tuple[str, str]
"""Name and grid of a block."""

COLUMN_SIDES, ROW_SIDES = (0.0, 0.0), (-np.inf, np.inf)
"""Bounds of what is not there."""


def fingerprint(program: Program) -> str:
    """Equal for programs with the same columns and rows, by name, and the same matrix."""
    digest = blake2b(digest_size=16)
    digest.update(repr(program.periods.labels).encode())
    labels = {d: np.array(names) for d, names in program.labels.items()}
    for block in (*program.columns, *program.rows):
        digest.update(repr((block.name, block.grid.name, block.grid.labels, block.shape, block.entities.dims)).encode())
        digest.update(block.grid.weight.tobytes())
        for dim, codes in block.entities.codes.items():
            digest.update(labels[dim][codes].tobytes())
    matrix = program.matrix
    for part in (matrix.indptr, matrix.indices, matrix.data):
        digest.update(part.tobytes())
    return digest.hexdigest()


def places(program: Program, within: Program) -> tuple[Codes, Codes]:
    """Where each column and each row of a program stands in one that holds it; KeyError for what does not."""
    return (
        _positions(program.columns, within.columns, program.labels, within.labels),
        _positions(program.rows, within.rows, program.labels, within.labels),
    )


def holds(whole: Program, part: Program) -> bool:
    """Whether all columns and rows of `part` are in `whole`, with exactly its matrix."""
    try:
        cols, rows = places(part, whole)
    except KeyError:
        return False
    found = sparse.csc_array(whole.matrix[:, cols])[rows, :]
    difference = found - part.matrix
    return not difference.nnz or float(abs(difference).max()) == 0.0


def union(first: Program, second: Program) -> Program | None:
    """The first program with what only the second has; None if they differ in what they share.

    Its costs and bounds are those of the first program: what only the second has is fixed at 0, or free.
    """
    if first.periods.labels != second.periods.labels:
        return None
    try:
        merged = _Merging(first, second).program()
    except KeyError:
        return None
    return merged if holds(merged, first) and holds(merged, second) else None


@dataclass
class _Kept:
    """A block of the union, and where the entities of the second program's block stand in it."""

    block: Block
    old: int
    at: Codes


class _Merging:
    """Entities of the first program keep their place within their block; new ones follow."""

    def __init__(self, first: Program, second: Program) -> None:
        self.first, self.second = first, second
        self.labels = {
            d: tuple(dict.fromkeys([*first.labels.get(d, ()), *second.labels.get(d, ())]))
            for d in dict.fromkeys([*first.labels, *second.labels])
        }
        self.columns = self._blocks(first.columns, second.columns, COLUMN_SIDES)
        self.rows = self._blocks(first.rows, second.rows, ROW_SIDES)

    def program(self) -> Program:
        columns = [self._columns(kept) for kept in self.columns.values()]
        rows = [self._with_terms(key, kept) for key, kept in self.rows.items()]
        costs = [*self._first_costs(), *self._second_costs()]
        sizes = (sum(b.size for b in rows), sum(b.size for b in columns))
        return freeze(Declared(columns, rows, costs), self.labels, self.first.periods, *sizes)

    def _blocks(self, first: tuple[B, ...], second: tuple[B, ...], absent: tuple[float, float]) -> dict[Key, _Kept]:
        out: dict[Key, _Kept] = {}
        offset = 0
        olds, news = {_key(b): b for b in first}, {_key(b): b for b in second}
        for key, block in (olds | {k: b for k, b in news.items() if k not in olds}).items():
            out[key] = self._merged(block, olds.get(key), news.get(key), absent, offset)
            offset += out[key].block.size
        return out

    def _merged(self, block: B, old: B | None, new: B | None, absent: tuple[float, float], offset: int) -> _Kept:
        if old is not None and new is not None and not _alike(old, new):
            raise KeyError(old.name)
        have = [] if old is None else list(_names(old, self.first.labels))
        wanted = [] if new is None else list(_names(new, self.second.labels))
        at = {name: k for k, name in enumerate(have)}
        for name in wanted:
            at.setdefault(name, len(at))
        dims = block.entities.dims
        records = [[self.labels[d].index(x) for d, x in zip(dims, name[:-1], strict=True)] for name in at]
        entities = Entities.records(dims, records) if dims else block.entities
        shape = (len(entities), *block.shape[1:])
        lower, upper = (np.full(shape, side) for side in absent)
        if old is not None:
            lower[: len(have)], upper[: len(have)] = old.lower, old.upper
        merged = replace(block, entities=entities, offset=offset, lower=lower, upper=upper)
        return _Kept(merged, len(have), np.array([at[name] for name in wanted], dtype=np.int64))

    def _columns(self, kept: _Kept) -> Columns:
        assert isinstance(kept.block, Columns)
        return kept.block

    def _with_terms(self, key: Key, kept: _Kept) -> Rows:
        """The row block with its first terms, and those of the second where row or column is new."""
        terms = []
        for rows in (b for b in self.first.rows if _key(b) == key):
            terms += [replace(t, columns=self._columns(self.columns[_key(t.columns)])) for t in rows.terms]
        for rows in (b for b in self.second.rows if _key(b) == key):
            for term in rows.terms:
                columns = self.columns[_key(term.columns)]
                row, col = kept.at[term.entity.rows], columns.at[term.entity.cols]
                new = (row >= kept.old) | (col >= columns.old)
                if new.any():
                    values = term.coefficient if term.coefficient.shape[0] == 1 else term.coefficient[new]
                    entity = AxisMap(row[new], col[new], term.entity.values[new])
                    block = self._columns(columns)
                    terms.append(BoundTerm(block, entity, term.period, term.step, values, term.reads))
        assert isinstance(kept.block, Rows)
        return replace(kept.block, terms=tuple(terms))

    def _first_costs(self) -> Iterator[Cost]:
        for cost in self.first.costs:
            kept = self.columns[_key(cost.columns)]
            yield self._spread(cost, np.arange(kept.old), np.arange(kept.old))

    def _second_costs(self) -> Iterator[Cost]:
        """What the second program's own columns cost, so that they are not free where a case opens them."""
        for cost in self.second.costs:
            kept = self.columns[_key(cost.columns)]
            new = np.flatnonzero(kept.at >= kept.old)
            if len(new):
                yield self._spread(cost, new, kept.at[new])

    def _spread(self, cost: Cost, source: Codes, target: Codes) -> Cost:
        """The cost on the union's block: entities `source` of its own block stand at `target`."""
        block = self._columns(self.columns[_key(cost.columns)])

        def placed(values: Floats) -> Floats:
            own = np.broadcast_to(values, (len(cost.columns.entities), *values.shape[1:]))
            out = np.zeros((len(block.entities), *values.shape[1:]))
            out[target] = own[source]
            return out

        paid = None if cost.paid is None else placed(cost.paid)
        return replace(cost, columns=block, coefficient=placed(cost.coefficient), paid=paid)


def _key(block: Block) -> Key:
    return block.name, block.grid.name


def _alike(a: Block, b: Block) -> bool:
    same = a.n_periods == b.n_periods and a.entities.dims == b.entities.dims and a.grid.labels == b.grid.labels
    return same and np.array_equal(a.grid.weight, b.grid.weight)


def _names(block: Block, labels: Labels) -> Iterator[tuple[str, ...]]:
    """Labels of each entity; the last part counts entities that are named alike."""
    seen: Counter[tuple[str, ...]] = Counter()
    columns = [[labels[d][c] for c in codes.tolist()] for d, codes in block.entities.codes.items()]
    for name in zip(*columns, strict=True) if columns else [()] * len(block.entities):
        yield (*name, str(seen[name]))
        seen[name] += 1


def _positions(parts: tuple[B, ...], wholes: tuple[B, ...], own: Labels, other: Labels) -> Codes:
    at = {_key(b): b for b in wholes}
    out = [np.zeros(0, dtype=np.int64)]
    for part in parts:
        whole = at[_key(part)]
        if not _alike(part, whole):
            raise KeyError(part.name)
        index = {name: k for k, name in enumerate(_names(whole, other))}
        entity = np.array([index[name] for name in _names(part, own)], dtype=np.int64)
        inner = np.arange(part.shape[1] * part.shape[2])
        out.append((whole.offset + entity[:, None] * len(inner) + inner).ravel())
    return np.concatenate(out)
