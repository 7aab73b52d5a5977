"""Carbon contracts for difference."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from transform_sim.inputs import Inputs
from transform_sim.lp import Entities, LinearProgram, Term, join, period_total, period_until
from transform_sim.names import ACTIVITY, CAPACITY, CARBON_CONTRACT, CONTRACTED, CONTRACTED_OUTPUT, STOCK, YEAR

from .paths import AVAILABLE
from .support import cheaper_capital, support_columns

PAYMENT = tuple(
    f"policies.carbon_contracts.*.{field}"
    for field in ("strike", "reference_emission", "emission", "reference_allocation", "allocation", "indexation")
)
"""What the payment per unit of output comes from, beside the carbon price."""
TERM = tuple(f"policies.carbon_contracts.*.{field}" for field in ("signed_from", "signed_until", "duration"))


def carbon_contracts(lp: LinearProgram, data: Inputs) -> None:
    r"""Output of what is built under contract earns the strike less the effective carbon price, per t CO₂ avoided.

    Of the output $x$ of a process, $y_c$ is made under contract: no more than the capacity under contract can make,
    and no more than what is made (in the modes that count), so that nothing idle is paid. Where the plant pays back
    when the carbon price is above the strike, what other capacity cannot have made counts as made under contract.

    $$ \sum_c k_{c,v} \le N_v, \qquad y_{c,t} \le \alpha \sum_v s_{v,t} k_{c,v}, \qquad \sum_c y_{c,t} \le x_t, \qquad
    \sum_c y_{c,t} \ge x_t - \alpha \big(K_t - \sum_{c,v} s_{v,t} k_{c,v}\big) $$
    $$ -\,\Delta E\,(K^{strike}_t - p^{eff}_t)\,y_{c,t}, \qquad
    p^{eff} = p^{CO_2}\,\frac{\Delta E - \Delta FA}{\Delta E} $$
    """
    c = data.contracts
    if not len(c.output):
        return
    support_columns(lp, c.built, CONTRACTED, TERM)
    lp.add_columns(CONTRACTED_OUTPUT, c.output, YEAR, unit="unit/h")
    lp.add_rows("contracted_output_limit", c.output, YEAR,
                terms=[(1, CONTRACTED_OUTPUT), *_can_make(data)], upper=0)  # fmt: skip
    _made(lp, data)
    limited, most = c.volume
    lp.add_rows(
        "contract_volume", limited, STOCK,
        terms=[Term(s.investments.ratio[:, None, None], CONTRACTED[kind], over=s.table,
                    period=period_total(len(lp.periods))) for kind, s in c.built.items()],
        upper=most[:, None, None], per_period=False, reads=("policies.carbon_contracts.*.volume",),
    )  # fmt: skip
    lp.add_cost(CARBON_CONTRACT, CONTRACTED_OUTPUT, -c.payment[:, :, None], over=c.output, payer="state",
                receiver="industry", kind="transfer", reads=("policies.carbon_price", *PAYMENT))  # fmt: skip
    cheaper_capital(
        lp,
        "contract_financing",
        c.built,
        CONTRACTED,
        ("policies.carbon_contracts.*.wacc_reduction", "policies.grants.*.share"),
    )


def _can_make(data: Inputs, only: NDArray[np.int64] | None = None) -> Iterator[Term]:
    """What capacity under contract can make, taken off; of all contracts or of some, then by plant."""
    n = len(data.frame.years)
    rows, cols = np.tril_indices(n)
    for kind, s in data.contracts.built.items():
        own = np.ones(len(s.table), dtype=bool) if only is None else np.isin(s.table["contract"], only)
        over = s.table.take(own)
        if only is not None:
            plants = list(data.assets.plants)
            of = np.array([plants.index(p) for p in data.contracts.process])
            over = Entities({**over.codes, "plant": of[over["contract"]]})
        makes = data.contracts.makes[kind][own]
        yield Term(-makes[:, cols, rows][:, :, None], CONTRACTED[kind], over=over, period=period_until(n),
                   reads=(*TERM, *AVAILABLE, "processes.*.lifetime", "processes.*.retrofits"))  # fmt: skip


def _made(lp: LinearProgram, data: Inputs) -> None:
    """Output under contract is made, and what other capacity cannot have made is output under contract."""
    c = data.contracts
    some = c.runs.take(np.isin(c.runs["contract"], c.by_mode)).without("plant")
    lp.add_rows("contract_mode_activity", c.output.take(np.isin(c.output["contract"], c.by_mode)), YEAR,
                terms=[(1, CONTRACTED_OUTPUT), Term(-1, ACTIVITY, over=some)], upper=0)  # fmt: skip
    lp.add_rows("contract_activity", _places(data, c.runs), YEAR, terms=_beside(c.runs), upper=0)
    sided = c.runs.take(np.isin(c.runs["contract"], c.two_sided))
    table, share = c.available
    lp.add_rows(
        "contract_obligation", _places(data, sided), YEAR,
        terms=[*_beside(sided), Term(share[:, :, None], CAPACITY, over=table, reads=AVAILABLE),
               *_can_make(data, c.two_sided)],
        lower=0,
    )  # fmt: skip


def _beside(runs: Entities) -> list[Term]:
    """Output under some contracts, less what runs in any of their modes, by plant."""
    if not len(runs):
        return []
    members = runs.only("plant", "contract")
    return [Term(1, CONTRACTED_OUTPUT, over=members), Term(-1, ACTIVITY, over=runs.only("plant", "asset", "mode"))]


def _places(data: Inputs, runs: Entities) -> Entities:
    """Processes and regions in which some of these contracts pay."""
    if not len(runs):
        return Entities.records(("plant", "region"), [])
    members, output = runs.only("plant", "contract"), data.contracts.output
    at = join(members, output)
    return Entities({"plant": members["plant"][at.left], "region": output["region"][at.right]}).only("plant", "region")
