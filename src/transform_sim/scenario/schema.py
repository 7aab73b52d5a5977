"""The scenario: the typed, immutable value that a file is read into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol

from pydantic import Discriminator, Field, PrivateAttr, Tag

from .base import Frozen, Named, Section, text
from .flexibility import FlexibleLoad, Level
from .given import Given, given
from .markets import Commodity, Demand, Region, Resource, Sale, Supply
from .network import NetworkCharge
from .plants import Link, Process, Storage
from .policies import Policies
from .summary import summary, summary_html
from .time import Horizon, TimeChoice

if TYPE_CHECKING:
    from pathlib import Path

    from .tables import Site
    from .tree import Node


class Source(Protocol):
    """What a scenario was read from; `load.py` holds the one implementation."""

    @property
    def path(self) -> Path | None: ...
    @property
    def text(self) -> str: ...
    @property
    def hash(self) -> str: ...
    @property
    def tree(self) -> Node: ...
    def where(self, path: str) -> str: ...
    def changed(self, changes: Mapping[str, Any]) -> Scenario: ...


def _branch(value: Any) -> str | None:
    """Which form of profile a value has, so that only that form's problems are told."""
    forms = ((str, "#text"), (tuple, "#series"), (Mapping, "#mapping"))
    return next((tag for form, tag in forms if isinstance(value, form)), None)


Profile = Annotated[
    Annotated[str, Tag("#text")]
    | Annotated[tuple[float, ...], Tag("#series")]
    | Annotated[Frozen[str, Any], Tag("#mapping")],
    Discriminator(
        _branch,
        custom_error_type="choice",
        custom_error_message="is none of package:de_2025/<column>, {table: file.csv, column: name}, a list, "
        "{slice: value}",
    ),
]
"""A series as written; after loading a name of shipped data, 8,760 numbers, or one number per slice."""


class Scenario(Section):
    """One study: where, when, which plants, markets and policies."""

    name: str = text("Short name, used for folders and tables.", ...)
    title: str = text("Name for people.")
    description: str = text("What the study is about.")
    currency: str = text("Money of which year, for example `EUR2020`; all other money is deflated to it.", "EUR2020")
    view: Literal["private", "social"] = text(
        "`private`: all tariffs and transfers count. `social`: resources only.", "private"
    )
    horizon: Horizon = Field(description="Years and discounting.")
    time: TimeChoice = text("`annual`, `full_year`, `{slices: …}` or `{typical_days: …}`.", "annual")
    profiles: Named[Profile] = Field(
        default_factory=dict,
        description="Series over the year by name: `package:de_2025/<column>`, {table: file.csv, column: name}, "
        "a list, or {slice: value}.",
    )
    flexibility: Level = text(
        "Which storages and flexible loads take part: those of `today`, also the `potential` ones, or `none` of both.",
        "potential",
    )
    regions: Named[Region] = Field(description="Places, by name.", min_length=1)
    commodities: Named[Commodity] = Field(description="What is balanced, by name.", min_length=1)
    processes: Named[Process] = Field(default_factory=dict, description="What turns commodities into others.")
    storages: Named[Storage] = Field(default_factory=dict, description="What keeps commodities.")
    links: Named[Link] = Field(default_factory=dict, description="What carries commodities between nodes.")
    supply: Named[Supply] = Field(default_factory=dict, description="What is bought from outside.")
    sales: Named[Sale] = Field(default_factory=dict, description="What is sold to the outside.")
    demand: Named[Demand] = Field(default_factory=dict, description="What must be delivered.")
    flexible_loads: Named[FlexibleLoad] = Field(
        default_factory=dict, description="Consumption that can be shifted in time or shed."
    )
    network_charges: Named[NetworkCharge] = Field(
        default_factory=dict, description="What buyers pay to the network's operator, per unit and per annual peak."
    )
    policies: Policies = Field(
        default_factory=Policies, description="Carbon price, caps, transfers, support, obligations."
    )
    resources: Named[Resource] = Field(default_factory=dict, description="Limits over several plants and trades.")

    _source: Source | None = PrivateAttr(default=None)
    _sites: tuple[Site, ...] = PrivateAttr(default=())

    @property
    def source(self) -> Source:
        """The text and files that this scenario was read from; TypeError for one that was put together by hand."""
        if self._source is None:
            raise TypeError("this scenario was not read from a text; use load or loads")
        return self._source

    @property
    def sites(self) -> tuple[Site, ...]:
        """The existing plants from tables, one by one."""
        return self._sites

    @property
    def path(self) -> Path | None:
        """The file it was read from; None for a text."""
        return self.source.path

    @property
    def text(self) -> str:
        """The scenario as one YAML text, with everything it extends and its variant merged in."""
        return self.source.text

    @property
    def hash(self) -> str:
        """SHA-256 over what the scenario says and the tables it reads, whatever the order and layout of its files."""
        return self.source.hash

    def where(self, path: str) -> str:
        """'file:line' where a dotted path is written, or the nearest thing above it."""
        return self.source.where(path)

    def quantities(self) -> Iterator[Given]:
        """(dotted path, quantity with its provenance, unit) of every quantity that the scenario gives, in its order.

        What is taken from the catalogue is among them; what is left to a default is not.
        """
        return given(self, self.source.tree)

    def with_(self, changes: Mapping[str, Any]) -> Scenario:
        """A copy with other values at dotted paths, as with_({'policies.carbon_price.2030': 120}).

        Values are written as in the file; None takes a key out. Raises ScenarioError as `load` does.
        """
        return self.source.changed(changes)

    def __repr__(self) -> str:
        return summary(self)

    __str__ = __repr__

    def _repr_html_(self) -> str:
        return summary_html(self)
