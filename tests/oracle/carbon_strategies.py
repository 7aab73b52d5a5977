"""Random systems in which carbon of all origins meets: fuels, waste, CO₂ that is caught, used and stored, products.

Feasible: demand may stay unmet and nothing has to run. Bounded: every purchase and every plant has its most, so that
what counts below zero does too. No way to run gives more carbon than it takes.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from .strategies import SLICES, System

CONTENT = {"fuel": 0.3, "waste": 1.0, "lime": 0.45, "captured": 1.0, "methanol": 1.4, "plastic": 3.0, "stone": 0.4,
           "stored": 1.0}  # fmt: skip
ORIGINS = ("fossil", "process", "biogenic", "air")
RATE = 10.0
"""Units an hour, of the size of what is bought, made and demanded."""


@st.composite
def carbon_systems(draw: st.DrawFn) -> dict[str, Any]:
    """A random subset of plants around a random set of markets for carbon."""
    return _Carbon(draw).scenario()


class _Carbon(System):
    """One draw of a system of carbon."""

    def scenario(self) -> dict[str, Any]:
        self.end = min(self.end, self.start + self.step)
        data: dict[str, Any] = {
            "name": "carbon",
            "horizon": {"start": self.start, "end": self.end, "step": self.step, "discount_rate": 0.03},
            "regions": {region: {} for region in self.regions},
        }
        if self.slices is not None:
            shares = dict(zip(SLICES, self.slices, strict=False))
            data["time"] = {"slices": {name: {"share": share} for name, share in shares.items()}}
            data["profiles"] = {"shape": {name: self.number(0.1, 1) for name in shares}}
        data["commodities"] = self.commodities()
        data["processes"] = self.processes()
        data["storages"] = self.tanks()
        if len(self.regions) == 2:
            data["links"] = self.links(data["commodities"])
        data["supply"], data["sales"] = self.trade()
        data["demand"] = self.demand()
        data["policies"] = self.policies(data["commodities"])
        return data

    def shaped(self, field: str) -> dict[str, Any]:
        return {field: "shape"} if self.slices is not None and self.maybe() else {}

    def origin(self) -> dict[str, Any]:
        return self.some(origin=lambda: self.pick(*ORIGINS), biogenic_share=lambda: self.by_year(0, 1))

    def commodities(self) -> dict[str, Any]:
        found: dict[str, Any] = {c: {"unit": "t", "carbon_content": k} for c, k in CONTENT.items()}
        for c in found:
            found[c] |= self.origin() if self.maybe() else {}
            found[c] |= {"area": "market"} if self.pick(True, False, False) else {}
        for c in ("captured", "stored"):
            found[c]["carbon_dioxide"] = self.pick(True, True, True, False)
        for c in ("captured", "stored", "plastic", "waste"):
            if c == "stored" or self.maybe():
                found[c]["disposal"] = {
                    "cost": self.by_year(0, 60),
                    "permanent": self.pick(True, c != "captured"),
                } | self.some(volume_max=lambda: self.by_year(0, 5e4))
        emission = {"unit": "t", "kind": "emission"}
        return found | {
            "heat": {"unit": "MWh"},
            "co2": emission | self.some(area=lambda: "market"),
            "co2_plants": emission | {"origin": self.pick("biogenic", "biogenic", "air")},
        }

    # plants --------------------------------------------------------------------------------------------

    def uses(self, **amounts: float) -> dict[str, Any]:
        """Inputs of a unit of activity, perhaps more of them in other years."""
        return {c: self.by_year(-1.3 * amount, -amount) for c, amount in amounts.items()}

    def gives(self, c: str, auxiliary: float = 0.0, **amounts: float) -> float:
        """So much of a product that its carbon is some share of the least that goes in, but for what leaves beside."""
        carbon = sum(CONTENT[i] * amount for i, amount in amounts.items()) + auxiliary
        return round(carbon * self.number(0.2, 0.9) / CONTENT[c], 6)

    def plant(self, **fields: Any) -> dict[str, Any]:
        """A plant that stands, and perhaps more of it."""
        stands = {region: self.number(0, RATE) * 8760 for region in self.regions}
        plant = {"unit": "t", "lifetime": 20, "existing": stands, "variable_opex": self.by_year(0, 40)} | fields
        plant |= {"capex": self.number(0, 300), "capacity_max": RATE * 8760} if self.maybe() else {"latest": 2000}
        return plant | self.some(emission=lambda: "co2")

    def processes(self) -> dict[str, Any]:
        found = {
            "furnace": self.furnace(),
            "boiler": self.boiler(),
            "synthesis": self.synthesis(),
            "works": self.plant(flows={**self.uses(methanol=2.4), "plastic": self.gives("plastic", methanol=2.4)}),
            "cracker": self.plant(flows={**self.uses(fuel=12), "plastic": self.gives("plastic", fuel=12)}),
            "minerals": self.plant(
                flows={**self.uses(captured=0.4, lime=0.1), "stone": self.gives("stone", captured=0.4, lime=0.1)},
                permanent=self.pick(True, True, False),
            ),
            "air_capture": self.air_capture(),
            "pyrolysis": self.plant(
                flows={**self.uses(plastic=1), self.pick("fuel", "methanol"): self.gives("methanol", plastic=1)},
            ),
            "sorting": self.plant(flows={**self.uses(plastic=1), "waste": self.gives("waste", plastic=1)}),
            "injection": self.plant(flows={"captured": -1, "stored": 1}) | self.some(permanent=lambda: False),
        }
        rare = ("pyrolysis", "sorting", "cracker")
        return {n: p for n, p in found.items() if self.pick(True, n not in rare, n not in rare)}

    def air_capture(self) -> dict[str, Any]:
        """CO₂ from the air, some of it let go again, or from minerals."""
        origin = self.pick("air", "air", "process")
        fields = {"flows": {"captured": self.pick(1, 0.9)}, "auxiliary_carbon": 1, "auxiliary_origin": origin}
        named = self.some(emission=lambda: "co2_plants") if origin == "air" else {}
        return self.plant(**fields) | named

    def furnace(self) -> dict[str, Any]:
        """Heat in modes that burn different carbon, some of which is caught."""
        modes: dict[str, Any] = {}
        for fuel, amount in (("fuel", 1.0), ("waste", 0.4), ("methanol", 0.2), ("plastic", 0.1)):
            if fuel == "fuel" or self.maybe():
                modes[fuel] = {"flows": self.uses(**{fuel: amount})}
                extra = self.pick(0.0, 0.0, 0.05, -0.02)
                if extra:
                    modes[fuel]["auxiliary_carbon"] = extra
                if self.maybe():
                    modes[fuel]["flows"]["captured"] = self.gives("captured", min(extra, 0.0), **{fuel: amount})
        modes["mixed"] = {"flows": self.uses(fuel=0.5, waste=0.2)}
        beside = any(mode.get("auxiliary_carbon") for mode in modes.values())
        fields = self.some(auxiliary_origin=lambda: self.pick(*ORIGINS)) if beside else {}
        return self.plant(unit="MWh", flows={"heat": 1}, modes=modes, **fields) | {
            "existing": dict.fromkeys(self.regions, 2 * RATE), "capex": 1e4, "capacity_max": 3 * RATE,
        }  # fmt: skip

    def boiler(self) -> dict[str, Any]:
        """Techniques that take different carbon."""
        techniques = {
            self.start - 9: self.uses(methanol=0.3),
            self.start: {"fuel": -1, "captured": self.number(0, 0.2)},
        }
        return self.plant(unit="MWh", flows={"heat": 1}, techniques=techniques) | {
            "existing": dict.fromkeys(self.regions, RATE), "capex": 1e4, "capacity_max": 2 * RATE,
        }  # fmt: skip

    def synthesis(self) -> dict[str, Any]:
        """Methanol of CO₂ alone, of CO₂ and fuel, of fuel alone; perhaps with some CO₂ left over."""
        ways: dict[str, dict[str, float]] = {"captured": {"captured": 1.5}, "both": {"captured": 0.8, "fuel": 3}}
        ways["fuel"] = {"fuel": 6}
        modes = {
            name: {"flows": {**self.uses(**way), "methanol": self.gives("methanol", **way)}}
            for name, way in ways.items()
            if name == "captured" or self.maybe()
        }
        if "both" in modes and self.pick(True, False, False):
            left = {"methanol": self.gives("methanol", fuel=2.5), "captured": 0.05}
            modes["both"] = {"flows": {**self.uses(fuel=3), **left}}
        return self.plant(modes=modes)

    def tanks(self) -> dict[str, Any]:
        terms = {"loss": lambda: 1e-5, "charge_efficiency": lambda: self.number(0.8, 1)}
        return {
            f"{c}_tank": {
                "commodity": c,
                "cycle": "year",
                "balance": "day",
                "existing": dict.fromkeys(self.regions, 10000.0),
            }
            | self.some(**terms)
            for c in ("fuel", "methanol")
            if self.pick(True, False, False)
        }

    def links(self, commodities: dict[str, Any]) -> dict[str, Any]:
        found = {}
        for c in (c for c in CONTENT if "area" not in commodities[c] and self.maybe()):
            loses = {} if commodities[c].get("carbon_dioxide") else {"loss": lambda: self.number(0, 0.2)}
            more = self.some(bidirectional=lambda: True, tariff=lambda: self.number(0, 9), **loses)
            line = {"commodity": c, "from": "one", "to": "two", "existing": self.number(0, RATE) * 8760}
            found[f"line_{c}"] = line | more
        return found

    # markets -------------------------------------------------------------------------------------------

    def trade(self) -> tuple[dict[str, Any], dict[str, Any]]:
        def bought(low: float, high: float, **fields: Any) -> dict[str, Any]:
            supply = {"price": self.by_year(low, high), "power_max": self.number(1, 3 * RATE)} | fields
            return supply | self.shaped("price_profile") | self.some(emissions=lambda: {"co2": 0.02})

        supply = {c: bought(*price) for c, price in
                  {"fuel": (10, 40), "waste": (0, 30), "lime": (5, 20)}.items()}  # fmt: skip
        for name, c, price in (
            ("fuel_too", "fuel", (20, 90)), ("waste_too", "waste", (5, 40)), ("gas", "captured", (5, 60)),
            ("import", "methanol", (100, 500)),
        ):  # fmt: skip
            if self.maybe():
                supply[name] = bought(*price, commodity=c) | self.origin()
        sales = {}
        for name, c, high in (("plastic", "plastic", 900), ("methanol", "methanol", 400)):
            if self.maybe():
                sales[name] = {"commodity": c, "price": self.by_year(0, high), "power_max": self.number(0, 3)}
        return supply, sales

    def demand(self) -> dict[str, Any]:
        def wanted(most: float, cost: float) -> dict[str, Any]:
            amount = {region: self.by_year(0.1 * most * 8760, most * 8760) for region in self.regions}
            return {"amount": amount, "shortfall_cost": self.number(cost / 3, cost)} | self.shaped("profile")

        found = {"heat": wanted(2 * RATE, 300)}
        rates = {"plastic": (3, 2500), "stone": (3, 200), "methanol": (2, 900)}
        for c, (most, cost) in rates.items():
            if self.maybe():
                found[c] = wanted(most, cost)
        return found

    def policies(self, commodities: dict[str, Any]) -> dict[str, Any]:
        def cap() -> Any:
            limit = self.by_year(0, 8e4)
            return {"market": limit} if "area" in commodities["co2"] and self.maybe() else limit

        chosen = {"carbon_price": self.by_year(0, 300)} | self.some(
            credit_removals=lambda: self.maybe(),
            charge_co2_use=lambda: self.maybe(),
            emission_cap=cap,
            emission_budget=lambda: self.number(0, 8e4) * (self.end + self.step - self.start),
        )
        return chosen | ({"banking": {}} if "emission_cap" in chosen and self.maybe() else {})
