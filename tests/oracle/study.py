"""What a scenario says, number by number: quantities, periods, steps of time, nodes, profiles."""

from __future__ import annotations

from typing import Any

from .days import day_by_day, rescaled, runs_of, series

HOURS = 8760.0
INFINITE = float("inf")
RANK = {"year": 0, "day": 1, "hour": 2}


def points_of(quantity: Any, place: str | None) -> dict[int | None, float]:
    """The numbers given for one place by year; {None: x} if the year does not matter, {} if nothing is given."""
    if quantity is None:
        return {}
    if not isinstance(quantity, dict):
        return {None: float(quantity)}
    if not all(isinstance(key, int) for key in quantity):
        return points_of(quantity[place], None) if place in quantity else {}
    return {year: float(value) for year, value in quantity.items()}


def between(points: dict[int | None, float], year: int) -> float:
    """Linear between the given years, constant outside."""
    if None in points:
        return points[None]
    years = sorted(y for y in points if y is not None)
    if year <= years[0]:
        return points[years[0]]
    if year >= years[-1]:
        return points[years[-1]]
    upper = next(y for y in years if y >= year)
    lower = max(y for y in years if y < upper)
    part = (year - lower) / (upper - lower)  # weighing both ends cannot fall below zero by rounding
    return (1 - part) * points[lower] + part * points[upper]


def at(quantity: Any, year: int, place: str | None = None) -> float:
    """A price, cost, flow or availability: constant outside the given years."""
    points = points_of(quantity, place)
    if not points:
        raise ValueError(f"{quantity} says nothing for {place}")
    return between(points, year)


def limit_at(quantity: Any, year: int, place: str | None = None) -> float | None:
    """A limit: absent (None) before the first given year and at places not given, constant after the last year."""
    points = points_of(quantity, place)
    if not points or year < min((y for y in points if y is not None), default=year):
        return None
    return between(points, year)


def places_of(quantity: Any) -> list[str]:
    """The places that a quantity names; none if it holds everywhere."""
    if not isinstance(quantity, dict) or all(isinstance(key, int) for key in quantity):
        return []
    return list(quantity)


def bare(data: Any) -> Any:
    """Plain data with sourced values (`{value: 3, source: …}`) replaced by what they are worth."""
    if isinstance(data, dict):
        return bare(data["value"]) if "value" in data else {key: bare(item) for key, item in data.items()}
    return [bare(item) for item in data] if isinstance(data, (list, tuple)) else data


def annuity(rate: float, life: float) -> float:
    """Yearly payment per unit of investment."""
    if life == INFINITE:
        return rate
    return 1 / life if rate == 0 else rate / (1 - (1 + rate) ** -life)


class Study:
    """A scenario with its periods, steps, nodes and profiles worked out."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data = bare(data)
        self.regions = list(data["regions"])
        self.view = data.get("view", "private")
        self._profiles: dict[tuple[str, str, bool], list[float]] = {}
        self._periods(data["horizon"])
        self._steps(data.get("time", "annual"))

    def _periods(self, horizon: dict[str, Any]) -> None:
        self.start, self.step = horizon["start"], horizon.get("step", 5)
        if (horizon["end"] - self.start) % self.step:
            raise ValueError("the horizon is no whole number of steps")
        self.periods = list(range(self.start, horizon["end"] + 1, self.step))
        self.end = horizon["end"] + self.step
        self.rate = horizon.get("discount_rate", 0.03)
        timing = {"start": 0.0, "middle": 0.5, "end": 1.0}[horizon.get("cost_timing", "start")]
        self.N = {
            y: sum((1 + self.rate) ** -(y + k + timing - self.start) for k in range(self.step)) for y in self.periods
        }
        # linear between milestones: half of the step on either side; the last period keeps its value
        self.years_counted = {
            y: (0.0 if y == self.start else self.step / 2) + (self.step if y == self.periods[-1] else self.step / 2)
            for y in self.periods
        }

    def _steps(self, time: Any) -> None:
        """Weights W (hours per year), durations Δ (hours), the day of each hour step, and runs of equal days."""
        self.slices: list[str] = []
        self.full = time == "full_year"
        if self.full or (isinstance(time, dict) and "typical_days" in time):
            year = day_by_day(time)
            self.kept = sorted(set(year))
            counts = [float(year.count(day)) for day in self.kept]
            self.day_of = [d for d in range(len(self.kept)) for _ in range(24)]
            self.W = {"year": [HOURS], "day": [24 * n for n in counts], "hour": [counts[d] for d in self.day_of]}
            self.duration = {"year": [HOURS], "day": [24.0 for _ in counts], "hour": [1.0 for _ in self.day_of]}
            self.runs = [(self.kept.index(day), float(n)) for day, n in runs_of(year)]
            return
        if time == "annual":
            shares = {"all": 1.0}
        else:
            shares = {name: slice_["share"] for name, slice_ in time["slices"].items()}
            self.slices = list(shares)
        fine = [HOURS * share for share in shares.values()]
        self.kept, self.day_of = [], list(range(len(fine)))
        self.W = self.duration = {"year": [HOURS], "day": fine, "hour": fine}
        self.runs = [(d, hours / 24) for d, hours in enumerate(fine)]

    def section(self, name: str) -> dict[str, dict[str, Any]]:
        """A section of the scenario; an empty entry is an entry with all defaults, one of a higher level is none."""
        entries = {key: value or {} for key, value in (self.data.get(name) or {}).items()}
        if name not in ("storages", "flexible_loads"):
            return entries
        levels = ("none", "today", "potential")
        level = levels.index(self.data.get("flexibility", "potential"))
        always = "none" if name == "storages" else "today"
        return {key: entry for key, entry in entries.items() if levels.index(entry.get("flexibility", always)) <= level}

    def previous(self, year: int) -> int:
        """The milestone before this one."""
        return self.periods[self.periods.index(year) - 1]

    def share(self, start: float, life: float, year: int) -> float:
        """Share of the period that lies within the life of what starts in `start`."""
        overlap = min(year + self.step, start + life) - max(year, start)
        return max(overlap, 0.0) / self.step

    def payments(self, start: int, life: float, rate: float) -> float:
        """Present value of the annuity on an investment of 1, cut at the horizon."""
        return annuity(rate, life) * sum(self.share(start, life, y) * self.N[y] for y in self.periods)

    # nodes -------------------------------------------------------------------------------------------------

    def node(self, commodity: str, place: str) -> str:
        """The node of a commodity that a region (or a node) belongs to."""
        area = self.section("commodities")[commodity].get("area")
        if isinstance(area, dict):
            return area.get(place, place)
        return area or place

    def nodes(self, commodity: str, places: list[str] | None = None) -> list[str]:
        """The nodes of a commodity, or those of some places."""
        found: list[str] = []
        for place in places or self.regions:
            if self.node(commodity, place) not in found:
                found.append(self.node(commodity, place))
        return found

    def emission_node(self, emission: str, commodity: str, node: str) -> str:
        """Where what is bought or thrown away at a node emits: where its regions do, if that is one place."""
        behind = {self.node(emission, region) for region in self.regions if self.node(commodity, region) == node}
        return behind.pop() if len(behind) == 1 else node

    def is_emission(self, commodity: str) -> bool:
        return self.section("commodities")[commodity].get("kind") == "emission"

    # grids -------------------------------------------------------------------------------------------------

    def grid(self, commodity: str) -> str:
        """Effective grid: the finer of what the commodity and its stores declare."""
        grids = [self.section("commodities")[commodity].get("balance", "year")]
        for storage in self.section("storages").values():
            if storage["commodity"] == commodity and storage.get("balance"):
                grids.append(storage["balance"])
        return max(grids, key=lambda grid: RANK[grid])

    def steps(self, grid: str) -> range:
        return range(len(self.W[grid]))

    def weight(self, row_grid: str, g: int, column_grid: str, h: int) -> float:
        """P: how column step h counts in row step g; W_h / W_g from fine into coarse, 1 from coarse into fine."""
        if RANK[column_grid] <= RANK[row_grid]:
            return 1.0 if self.inside(row_grid, g, column_grid, h) else 0.0
        inside = self.inside(column_grid, h, row_grid, g)
        return self.W[column_grid][h] / self.W[row_grid][g] if inside else 0.0

    def inside(self, fine: str, i: int, coarse: str, j: int) -> bool:
        """Whether step i of a grid lies in step j of the same grid or a coarser one."""
        if coarse == "year":
            return True
        return i == j if fine == coarse else self.day_of[i] == j

    # profiles ----------------------------------------------------------------------------------------------

    def profile(self, name: str | None, grid: str, share: bool = True) -> list[float]:
        """A series as it is, averaged onto a grid; 1 if there is none. A share of capacity stays below 1."""
        if name is None:
            return [1.0 for _ in self.steps(grid)]
        key = (name, grid, share)
        if key not in self._profiles:
            fine = self._on_hours(self.data["profiles"][name], share)
            total = [0.0 for _ in self.steps(grid)]
            for h in self.steps("hour"):
                for g in self.steps(grid):
                    total[g] += self.weight(grid, g, "hour", h) * fine[h]
            self._profiles[key] = total
        return self._profiles[key]

    def _on_hours(self, given: Any, share: bool) -> list[float]:
        if self.slices:
            return [given[slice_] for slice_ in self.slices]
        values = series(given)
        if not self.kept:
            return [sum(values) / len(values)]
        chosen = [values[24 * day + hour] for day in self.kept for hour in range(24)]
        return chosen if self.full else rescaled(values, chosen, self.W["hour"], clip=share)

    def shape(self, name: str | None, grid: str) -> list[float]:
        """A series divided by its mean over the year, averaged onto a grid."""
        mean = 1.0 if name is None else self.profile(name, "year", share=False)[0]
        return [value / mean for value in self.profile(name, grid, share=False)]
