"""Links between nodes."""

from __future__ import annotations

from transform_sim.inputs import Inputs
from transform_sim.lp import LinearProgram
from transform_sim.names import CAPACITY, GRIDS, LINK_FLOW, LINK_LIMIT


def transport(lp: LinearProgram, data: Inputs) -> None:
    r"""Flow in both directions stays within the link's capacity; each unit sent pays the tariff.

    $$ \sum_{dir} f_{l,dir,y,h} \le K_{l,y} $$
    """
    links = data.links
    for grid in GRIDS:
        lp.add_columns(LINK_FLOW, links.tables[grid], grid, unit="unit/h")
        table = links.tables[grid]
        if len(table):
            lp.add_rows(LINK_LIMIT, table.only("asset"), grid, terms=[(1, LINK_FLOW), (-1, CAPACITY)], upper=0)
    table, cost = links.tariff
    lp.add_cost("tariff", LINK_FLOW, cost[:, :, None], over=table, receiver="network operator",
                reads=("links.*.tariff",))  # fmt: skip
