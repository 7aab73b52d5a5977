"""All figures of a study as files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes

from transform_sim.results import Results

from . import reading, style
from .balance import balance
from .capacity import capacity
from .carbon import carbon, carbon_sankey
from .circularity import recycled_content
from .cost import cost, cost_by_sector
from .dispatch import dispatch
from .emissions import emissions
from .energy import energy
from .exchange import exchange
from .flexibility import flexible_load, store_levels
from .flexibility_value import flexible_revenue, peak_use
from .flexibility_year import duration, shift_map
from .incidence import incidence
from .investment import investment
from .language import language as speaking
from .language import spoken
from .levelised import levelised
from .prices import prices
from .production import production
from .reading import NotApplicableError
from .sankey import sankey

Draw = Callable[..., Axes]
OF_PRODUCT: dict[str, Draw] = {"production": production, "capacity": capacity, "levelised": levelised}
"""Figures of one product that is demanded: a file for each, such as production_crude_steel."""
OF_CARRIER: dict[str, Draw] = {"balance": balance, "capacity": capacity}
"""Figures of one carrier of energy that plants make for others: balance_hydrogen."""
OF_FLEXIBLE: dict[str, Draw] = {
    "flexible_load": flexible_load, "shift_map": shift_map, "duration": duration, "peak_use": peak_use,
}  # fmt: skip
"""Figures of a commodity that flexible loads use: flexible_load_electricity."""
FIGURES: dict[str, Draw] = {
    "emissions": emissions,
    "cost": cost,
    "cost_by_sector": cost_by_sector,
    "investment": investment,
    "incidence": incidence,
    "prices": prices,
    "dispatch": dispatch,
    "energy": energy,
    "sankey": sankey,
    "carbon": carbon,
    "carbon_sankey": carbon_sankey,
    "store_levels": store_levels,
    "exchange": exchange,
    "recycled_content": recycled_content,
}
"""Figures of the study by the name of their file."""
METADATA: dict[str, dict[str, str | None]] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
"""Nothing in a file depends on when it was written."""


def save_all(
    results: Results, folder: str | Path, formats: Sequence[str] = ("png", "svg"), *, language: str | None = None
) -> list[Path]:
    """Write every figure that applies to the results as '<figure>.<format>'; the folder is made if it is missing.

    A figure that the results do not hold (hours in an annual study) is left out. `language` is "en" or "de", that of
    this process if absent. Returns the files written.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with speaking(language or spoken()):
        for name, page in pages(results):
            for form in formats:
                path = folder / f"{name}.{form}"
                path.write_bytes(exported(page, form))
                written.append(path)
    return written


def pages(results: Results) -> Iterator[tuple[str, style.Page]]:
    """Every figure that applies, drawn in the language of the moment, with its name."""
    for name, draw in figures(results):
        page = style.Page()
        try:
            draw(results, ax=page.add_subplot())
        except NotApplicableError:
            continue
        yield name, page


def exported(page: style.Page, form: str) -> bytes:
    """A figure as the content of a file: png, svg or pdf."""
    out = BytesIO()
    with mpl.rc_context(style.RC):  # type: ignore[arg-type]
        page.savefig(out, format=form, metadata=METADATA.get(form))
    return out.getvalue()


def finding(page: style.Page) -> str:
    """What a figure says: its title, in one line."""
    return page.axes[0].get_title(loc="left").replace("\n", " ")  # numbers stay with their units


def figures(results: Results) -> Iterator[tuple[str, Draw]]:
    """All figures of a study, each with the name of its file: those of single products first.

    Capacity is drawn of the first product, of others whose plants have campaigns that end, and of carriers that have
    plants of their own. Of a carrier that is demanded too, the balance takes the place of production.
    """
    products, carriers = reading.demanded(results), reading.carriers(results)
    for commodity in products:
        shown = {n: d for n, d in OF_PRODUCT.items() if commodity not in carriers or n != "production"}
        if commodity not in products[:1] and not reading.has_campaigns(results, commodity):
            shown.pop("capacity")
        yield from _of(shown, commodity)
    for commodity in carriers:
        shown = {n: d for n, d in OF_CARRIER.items() if commodity not in products or n not in OF_PRODUCT}
        if not reading.made_for_itself(results, commodity):
            shown.pop("capacity", None)
        yield from _of(shown, commodity)
    yield from FIGURES.items()
    loads = reading.flexible(results)
    for commodity in loads:
        yield from _of(OF_FLEXIBLE, commodity)
    if loads:
        yield "flexible_revenue", flexible_revenue


def _of(draws: dict[str, Draw], commodity: str) -> Iterator[tuple[str, Draw]]:
    return ((f"{name}_{commodity}", partial(draw, commodity=commodity)) for name, draw in draws.items())
