"""The labels of all members of a block at once, for what writes every name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from transform_sim.lp import Program
from transform_sim.lp.blocks import Block

Key = tuple[str | int, ...]


def member_keys(block: Block, program: Program) -> Iterator[Key]:
    """Labels of each member in the order of positions: dimensions, period as a number, step; as `label_of` has them."""
    labels = [[program.labels[dim][code] for code in codes] for dim, codes in block.entities.codes.items()]
    heads: list[Key] = list(zip(*labels, strict=True)) if labels else [()]
    has_periods = block.n_periods > 1 or len(program.periods) == 1
    periods: list[Key] = [(int(y),) for y in program.periods.labels] if has_periods else [()]
    steps: list[Key] = [(label,) for label in block.grid.labels] if len(block.grid) > 1 else [()]
    return (head + period + step for head, period, step in product(heads, periods, steps))
