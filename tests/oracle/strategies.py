"""Random scenarios that are small, valid, feasible and bounded.

One thing that the formulation leaves open is not drawn: a campaign shorter than half a period, whose end snaps to its
own start.

Feasible: every demand may stay unmet at a price, so doing nothing is a solution. Bounded: sales and negative
prices are limited in power, costs are not negative, and carbon leaves the air only as much as demand allows.
"""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

Draw = st.DrawFn
SHARES = {1: [[1.0]], 2: [[0.5, 0.5], [0.125, 0.875]], 3: [[0.25, 0.25, 0.5], [0.125, 0.625, 0.25]]}
SLICES = ["low", "high", "rest"]


def as_yaml(data: dict[Any, Any]) -> str:
    """The scenario as text: one line per section, flow style; years stay numbers, which JSON cannot say."""
    return "".join(f"{key}: {_flow(value)}\n" for key, value in data.items())


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return json.dumps(value)


@st.composite
def systems(draw: Draw) -> dict[str, Any]:
    """A scenario of steel, power, hydrogen and carbon dioxide with a random subset of all features."""
    return System(draw).scenario()


class System:
    """One draw; methods add sections that depend on what was drawn before."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.start, self.step = draw(st.sampled_from([2020, 2025, 2029])), draw(st.sampled_from([1, 4, 5, 10]))
        self.lives = [life for life in (3, 7.5, 12, 20, 33) if life >= self.step / 2]
        self.end = self.start + self.step * draw(st.integers(0, 3))
        self.regions = ["one", "two"][: draw(st.integers(1, 2))]
        self.slices = draw(st.sampled_from(SHARES[draw(st.integers(1, 3))])) if self.maybe() else None

    # drawing -------------------------------------------------------------------------------------------

    def maybe(self) -> bool:
        return self.draw(st.booleans())

    def pick(self, *options: Any) -> Any:
        return self.draw(st.sampled_from(options))

    def number(self, low: float, high: float) -> float:
        """One of 21 values between two bounds: short numbers shrink well and make ties rare enough."""
        return round(low + (high - low) * self.draw(st.integers(0, 20)) / 20, 10)

    def year(self, before: int = 3, after: int = 3) -> int:
        return self.draw(st.integers(self.start - before, self.end + after))

    def by_year(self, low: float, high: float) -> Any:
        """A number, or numbers for one to three years in or around the horizon."""
        if self.maybe():
            return self.number(low, high)
        years = self.draw(st.lists(st.integers(self.start - 3, self.end + 3), min_size=1, max_size=3, unique=True))
        return {year: self.number(low, high) for year in sorted(years)}

    def by_place(self, low: float, high: float) -> Any:
        """A number, or numbers by region, each perhaps by year."""
        if self.maybe():
            return self.by_year(low, high)
        return {region: self.by_year(low, high) for region in self.regions}

    def some(self, **options: Any) -> dict[str, Any]:
        """A random subset of fields, each given by a function without arguments."""
        return {key: value() for key, value in options.items() if self.maybe()}

    def profile(self, name: str) -> dict[str, Any]:
        return {} if self.slices is None or self.maybe() else {name: "shape" if name != "price_profile" else "price"}

    # sections ------------------------------------------------------------------------------------------

    def scenario(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "name": "random",
            "view": self.pick("private", "social"),
            "horizon": {"start": self.start, "end": self.end, "step": self.step,
                        "discount_rate": self.pick(0.0, 0.03, 0.1),
                        "cost_timing": self.pick("start", "middle", "end")},
            "regions": {region: {} for region in self.regions},
        }  # fmt: skip
        if self.slices is not None:
            shares = dict(zip(SLICES, self.slices, strict=False))
            data["time"] = {"slices": {name: {"share": share} for name, share in shares.items()}}
            price = {name: self.number(0.5, 2.5) for name in shares}
            price["low"] = self.number(-0.4, 1)  # its share is at most a half: the mean, a divisor, stays above zero
            data["profiles"] = {
                "shape": {name: self.number(0.05, 1) for name in shares},
                "price": price if len(shares) > 1 else {"low": 1.0},
            }
        data["commodities"] = self.commodities()
        data["processes"] = self.processes()
        data["storages"] = self.storages(data["commodities"])
        if len(self.regions) == 2:
            data["links"] = self.links(data["commodities"])
        data["supply"], data["sales"] = self.trade()
        data["demand"] = self.demand()
        data |= self.flexibility(data)
        data["policies"] = self.policies(data["commodities"])
        data["resources"] = self.resources()
        return data

    def commodities(self) -> dict[str, Any]:
        area = self.some(area=lambda: "market")
        place = self.by_year if area else self.by_place
        waste = self.some(disposal=lambda: {"cost": place(0, 20)} | self.some(
            volume_max=lambda: place(0, 1e4), available_from=self.year))  # fmt: skip
        stored = {"cost": self.by_place(0, 50), "permanent": self.pick(True, True, False)}
        return {
            "steel": {"unit": "t"} | self.some(area=lambda: "market", carbon_content=lambda: 0.02),
            "power": {"unit": "MWh", "balance": self.pick("year", "day", "hour", "hour")} | area | waste,
            "hydrogen": {"unit": "MWh", "balance": self.pick("year", "day")} | self.some(implied_store=lambda: True),
            "gas": {"unit": "MWh", "carbon_content": 0.2, "area": "market"},
            "captured": {"unit": "t", "carbon_content": 1.0, "disposal": stored},
            "co2": {"unit": "t", "kind": "emission"} | self.some(area=lambda: "market"),
            "co2_power": {"unit": "t", "kind": "emission", "scope": self.pick(2, 3), "warming_potential": 1.5},
        }

    def built(self, capex: float, existing: float, old: bool = True) -> dict[str, Any]:
        """Cost, life and limits of what is built; costs are per unit of capacity."""
        plant = {"capex": self.by_year(0, capex)} | self.some(
            fixed_opex=lambda: self.by_year(0, capex / 30),
            fixed_opex_share=lambda: self.number(0, 0.05),
            wacc=lambda: self.number(0, 0.1),
            first_of_a_kind=lambda: self.by_year(0, 0.6),
            economic_lifetime=lambda: self.pick(1, 8, 15, 30),
            earliest=self.year,
            latest=self.year,
            capacity_max=lambda: self.by_year(0, 2 * existing),
            new_capacity_max=lambda: self.by_year(0, existing),
        )
        if plant.get("latest", self.end) < plant.get("earliest", 0):
            plant["latest"] = plant["earliest"]
        if not self.maybe():
            plant["lifetime"] = self.pick(*self.lives)
        if old and self.maybe():
            plant["existing"] = {region: self.number(0, existing) for region in self.regions}
        elif old and self.maybe():
            plant["existing"] = {
                region: {self.start - self.draw(st.integers(1, 30)): self.number(0, existing)}
                for region in self.regions
            }
        return plant

    def processes(self) -> dict[str, Any]:
        """Three ways to steel that may turn into each other; wind, electrolysis in techniques."""
        found: dict[str, Any] = {
            "mill": {"unit": "t", "flows": {"steel": 1, "gas": -3.0}} | self.built(500, 2e4) | self.running(),
            "ccs": {"unit": "t", "flows": {"steel": 1, "gas": -3.5, "captured": 0.5}}
            | self.built(900, 1e4) | self.running(),
            "green": {"unit": "t", "flows": {"steel": 1, "power": self.by_year(-0.6, -0.4)},
                      "modes": {"hydrogen": {"flows": {"hydrogen": -1.8}, "auxiliary_carbon": self.pick(0.02, 0.06)},
                                "gas": {"flows": {"gas": -2.8}, "variable_opex": self.by_year(0, 9)}}}
            | self.built(700, 5e3) | self.running(),
        }  # fmt: skip
        self.campaigns(found)
        found = {name: found[name] for name in found if name == "mill" or self.needed(found, name) or self.maybe()}
        for process in found.values():
            if self.maybe() and self.maybe():
                process |= {"growth_max": self.pick(0.0, 0.1, 0.6), "seed_capacity": self.number(100, 3000)}
        if self.maybe():
            techniques = {self.start - 9: {"hydrogen": 0.6}, self.year(0, 0): {"hydrogen": self.by_year(0.6, 0.7)}}
            found["electrolyser"] = {"unit": "MWh", "flows": {"power": -1}, "techniques": techniques}
            found["electrolyser"] |= self.built(3e5, 3) | self.running()
        if self.maybe():
            found["wind"] = {"unit": "MWh", "flows": {"power": 1}} | self.built(9e5, 4) | self.running()
        for name, process in found.items():
            settle(name, process)
        return found

    def running(self) -> dict[str, Any]:
        return (
            self.some(
                variable_opex=lambda: self.by_year(0, 10),
                auxiliary_carbon=lambda: self.number(0, 0.1),
                availability=lambda: self.by_place(0.5, 1),
                minimum_load=lambda: self.by_year(0, 0.6),
                operation=lambda: "baseload",
                emission=lambda: "co2",
            )
            | self.profile("availability_profile")
            | self.profile("draw_profile")
        )

    def campaigns(self, found: dict[str, Any]) -> None:
        """Relines and conversions; a ratio above one could make capacity out of nothing on a circle of arcs."""
        for name, process in found.items():
            terms = {"wacc": lambda: self.number(0, 0.1), "lifetime": lambda: self.pick(5, 10, 18)}
            if self.maybe():
                process["reinvest"] = {"capex": self.by_year(0, 250)} | self.some(**terms)
            retrofits = {
                target: {
                    "capex": self.by_year(0, 400),
                    "kind": self.pick("end", "mid"),
                    "ratio": self.pick(0.5, 0.9, 1.0),
                }
                | self.some(earliest=self.year, **terms)
                for target in found
                if target != name and self.maybe() and self.maybe()
            }
            if retrofits:
                process["retrofits"] = retrofits

    def needed(self, found: dict[str, Any], name: str) -> bool:
        return any(name in process.get("retrofits", {}) for process in found.values())

    def storages(self, commodities: dict[str, Any]) -> dict[str, Any]:
        found = {}
        rates = {
            "charge_efficiency": lambda: self.number(0.5, 1),
            "discharge_efficiency": lambda: self.number(0.5, 1),
            "charge_rate": lambda: self.number(0.001, 0.01),
            "loss": lambda: self.pick(1e-6, 1e-4, 1e-2),
            "variable_opex": lambda: self.by_year(0, 2),
            "holding_cost": lambda: self.by_year(0, 1e-3),
        }
        for name, commodity in (("cavern", "hydrogen"), ("battery", "power")):
            if self.maybe():
                store = {"commodity": commodity, "cycle": self.pick("year", "year", "day")}
                if commodities[commodity]["balance"] == "year":
                    store["balance"] = "day"
                found[name] = store | self.built(30, 5e3) | self.some(**rates)
                if self.maybe():
                    found[name] |= {"discharge_rate": self.number(0.001, 0.01), "capex_power": self.by_year(0, 3000)}
        return found

    def links(self, commodities: dict[str, Any]) -> dict[str, Any]:
        found = {}
        for name in ("steel", "power", "hydrogen"):
            if "area" not in commodities[name] and self.maybe():
                capacity = 1e4 if name == "steel" else 2.0
                link = {"commodity": name, "from": "one", "to": "two"} | self.built(2e6 / capacity, capacity, old=False)
                link |= self.some(existing=lambda scale=capacity: self.number(0, scale), length=lambda: 0.5,
                                  bidirectional=lambda: True, loss=lambda: 0.05,
                                  tariff=lambda: self.by_year(0, 3))  # fmt: skip
                found[f"line_{name}"] = link
        return found

    def trade(self) -> tuple[dict[str, Any], dict[str, Any]]:
        grid = {"commodity": "power", "price": self.by_year(30, 90), "power_max": self.number(1, 9)}
        grid |= self.profile("price_profile") | self.some(
            price_floor=lambda: self.pick(-20, 10), levy=lambda: self.by_year(0, 20), available_from=self.year,
            emissions=lambda: {"co2_power": self.by_year(0, 0.4)} | self.some(co2=lambda: 0.1))  # fmt: skip
        steps = [
            {"price": self.by_year(60, 90)} | self.some(volume_max=lambda: self.by_year(0, 3e4)),
            {"price": self.by_year(90, 150)} | self.some(power_max=lambda: self.by_year(0, 3)),
        ]
        ship = {"commodity": "hydrogen", "steps": steps} | self.some(volume_max=lambda: self.by_year(0, 5e4))
        place = self.some(regions=lambda: ["one"])
        grid |= place
        supply = {"grid": grid, "gas": {"price": self.by_year(15, 40)} | self.profile("price_profile"), "ship": ship}
        if self.maybe():
            del supply["ship"]
        if self.maybe():
            supply["import"] = {"commodity": "steel", "price": self.by_year(300, 700)}
        sales: dict[str, Any] = {}
        if self.maybe():
            sales["feed_in"] = {"commodity": "power", "follows": "grid", "spread": self.number(0, 9)}
            sales["feed_in"] |= {"power_max": 2} | place
        if self.maybe():
            sales["export"] = {"commodity": "steel", "price": self.by_year(200, 600), "volume_max": self.number(0, 9e3)}
        return supply, sales

    def demand(self) -> dict[str, Any]:
        amounts = {region: self.by_year(0, 3e4) for region in self.regions}
        steel: dict[str, Any] = {"amount": amounts, "shortfall_cost": self.by_year(1000, 1200)}
        if self.maybe():
            steel |= {"elasticity": self.pick(-0.3, -1.0, -1.7), "reference_price": self.by_year(200, 500)}
            steel |= self.some(elastic_steps=lambda: self.pick(2, 5), elastic_range=lambda: [0.7, 1.6])
            if self.maybe():
                del steel["shortfall_cost"]
        found = {"steel": steel}
        for name, commodity in (("homes", "power"), ("buses", "hydrogen")):
            if self.maybe():
                found[name] = {"commodity": commodity, "amount": {self.pick(*self.regions): self.by_year(0, 2e4)},
                               "shortfall_cost": 300} | self.profile("profile")  # fmt: skip
        return found

    def flexibility(self, data: dict[str, Any]) -> dict[str, Any]:
        """What is shed of the homes' power or of a plant's; in slices and annual time nothing is shifted."""
        if data["commodities"]["power"]["balance"] != "hour" or not self.maybe():
            return {}
        shed = {"commodity": "power", "method": "none"} | self.some(down=lambda: self.number(0.2, 1))
        steps = [
            {"cost": self.by_year(40, 200), "share": self.number(0.1, 1)}
            | self.some(hours_max=lambda: self.number(0, 5000))
            for _ in range(self.pick(1, 2))
        ]
        loads: dict[str, Any] = {}
        if "homes" in data["demand"]:
            ((region, amount),) = data["demand"]["homes"]["amount"].items()
            part = self.pick(0.2, 0.9) / 8760
            mean = {y: part * v for y, v in amount.items()} if isinstance(amount, dict) else part * amount
            loads["homes"] = shed | {"load": {region: mean}, "sheds": steps}
        if "electrolyser" in data["processes"]:
            loads["gas"] = shed | {"process": "electrolyser", "sheds": steps} | self.some(share=lambda: 0.7)
        for load in loads.values():
            load |= self.some(flexibility=lambda: self.pick("today", "potential"))
        stores = {n: s | self.some(flexibility=lambda: "potential") for n, s in data["storages"].items()}
        return {"flexible_loads": loads, "storages": stores, "flexibility": self.pick("none", "today", "potential")}

    def policies(self, commodities: dict[str, Any]) -> dict[str, Any]:
        def cap() -> Any:
            if "area" in commodities["co2"] and self.maybe():
                return {"market": self.by_year(0, 3e4)}
            if "area" in commodities["co2"] or "area" in commodities["power"] or self.maybe():
                return self.by_year(0, 3e4)
            return {self.pick(*self.regions): self.by_year(0, 2e4)}

        chosen = {"carbon_price": self.by_year(0, 200)} | self.some(
            social_carbon=lambda: "absent",
            emission_cap=cap,
            emission_budget=lambda: self.number(0, 2e4) * (self.end + self.step - self.start),
        )
        if "emission_cap" in chosen and self.maybe():
            chosen["banking"] = self.some(start=lambda: self.number(0, 5e4), active=lambda: self.maybe())
        return chosen

    def resources(self) -> dict[str, Any]:
        def site() -> dict[str, Any]:
            return {"unit": "ha", "limit": self.by_place(1e3, 3e4), "activity": {"mill": self.number(0, 2)},
                    "capacity": {"mill": self.number(0, 2)}}  # fmt: skip

        def fuel() -> dict[str, Any]:
            return {"unit": "t", "limit": self.by_year(1e3, 9e4), "purchases": {"gas": 1.0}}

        return self.some(site=site, fuel=fuel)


def settle(name: str, process: dict[str, Any]) -> None:
    """Only wind is flexible for certain: it has no draw then; others that follow a profile say that they are steady."""
    if name == "wind" and "operation" not in process:
        process.pop("draw_profile", None)
    elif "availability_profile" in process or "draw_profile" in process:
        process["operation"] = "baseload"
