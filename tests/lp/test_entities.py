"""Entity tables and how two of them meet."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from transform_sim.lp import SINGLE, Entities, join


def test_ways_to_make_a_table() -> None:
    product = Entities.product(process=[4, 7], region=[0, 1, 2])
    assert len(product) == 6
    assert product["process"].tolist() == [4, 4, 4, 7, 7, 7]  # the last dimension runs fastest
    records = Entities.records(("process", "region"), [(4, 0), (7, 2)])
    assert records["region"].tolist() == [0, 2]
    assert Entities.of(process=[4, 7], region=1)["region"].tolist() == [1, 1]
    empty = Entities.records(("process", "region"), [])
    assert (len(empty), empty.dims) == (0, ("process", "region"))
    assert (len(SINGLE), SINGLE.dims) == (1, ())


def test_parts_of_a_table() -> None:
    table = Entities.records(("process", "region"), [(1, 0), (0, 1), (1, 0), (0, 0)])
    assert table.only("process")["process"].tolist() == [0, 1]
    assert table.take([3, 0])["process"].tolist() == [0, 1]
    assert table.take(table["region"] == 0)["process"].tolist() == [1, 1, 0]
    assert table.without("process").dims == ("region",)
    assert table.within(Entities.of(region=[1])).tolist() == [False, True, False, False]
    assert table.within(Entities.of(commodity=[5])).all()  # nothing shared: everything agrees


def test_tables_that_share_nothing_meet_everywhere() -> None:
    pairs = join(Entities.of(process=[0, 1]), Entities.of(region=[0, 1, 2]))
    assert list(zip(pairs.left, pairs.right, strict=True)) == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]
    assert len(join(SINGLE, Entities.of(region=[0, 1])).left) == 2


TABLES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=12)


@given(TABLES, TABLES)
def test_joining_is_the_double_loop(left: list[tuple[int, int]], right: list[tuple[int, int]]) -> None:
    a = Entities.records(("process", "region"), left)
    b = Entities.records(("region", "node"), right)
    expected = [(i, j) for i, (_, r) in enumerate(left) for j, (q, _) in enumerate(right) if r == q]
    pairs = join(a, b)
    assert list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)) == expected


def test_codes_are_not_shared_with_what_they_came_from() -> None:
    source = np.array([1, 2])
    table = Entities.of(process=source)
    source[0] = 9
    assert table["process"].tolist() == [1, 2]
