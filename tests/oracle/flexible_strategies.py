"""Random flexible loads on two representative days: every method, of a process or a given load, with random limits."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

HORIZON = {"start": 2030, "end": 2035, "step": 5, "discount_rate": 0.05}
PROFILES = {
    "price": "package:de_2025/price", "wind": "package:de_2025/wind_offshore", "load": "package:de_2025/load",
}  # fmt: skip
METHODS = ("window", "zerrahn_schill", "gils", "battery", "none")


@st.composite
def flexible_systems(draw: st.DrawFn) -> dict[str, Any]:
    """A mill, homes and one or two flexible loads; power may cost less than nothing."""
    mill: dict[str, Any] = {
        "unit": "t",
        "flows": {"clinker": 1, "power": {2030: -0.12, 2035: -0.1}},
        "existing": draw(number(4e5, 9e5)),
        "capex": draw(st.sampled_from([20, 200])),
        "lifetime": 20,
        "availability": draw(number(0.6, 1)),
    }
    if draw(st.booleans()):
        mill["draw_profile"] = "load"
    hourly = draw(st.booleans())
    if hourly and "draw_profile" not in mill:
        mill["availability_profile"] = "wind"
    balance = "hour" if hourly and "draw_profile" not in mill else "year"
    names = ["grinding", "cooling"][: draw(st.integers(1, 2))]
    return {
        "name": "flexible",
        "horizon": HORIZON,
        "time": {"typical_days": {"count": 2}},
        "profiles": PROFILES,
        "flexibility": draw(st.sampled_from(["today", "potential"])),
        "regions": {"ruhr": {}},
        "commodities": {"power": {"unit": "MWh", "balance": "hour"}, "clinker": {"unit": "t", "balance": balance}},
        "processes": {"mill": mill},
        "supply": {"grid": {"commodity": "power", "price": {2030: 80, 2035: 60}, "price_profile": "price",
                            "price_floor": draw(st.sampled_from([0, -30]))}},
        "demand": {"clinker": {"amount": 4e5, "shortfall_cost": 500},
                   "homes": {"commodity": "power", "amount": 9e5, "profile": "load"}},
        "flexible_loads": {name: draw(flexible_loads(name == "grinding" and draw(st.booleans()))) for name in names},
    }  # fmt: skip


def number(low: float, high: float) -> st.SearchStrategy[float]:
    """One of 11 values between two bounds."""
    return st.integers(0, 10).map(lambda k: round(low + (high - low) * k / 10, 10))


@st.composite
def flexible_loads(draw: st.DrawFn, of_process: bool) -> dict[str, Any]:
    """One load of any method, with a random subset of what the method knows."""

    def some(**options: st.SearchStrategy[Any]) -> dict[str, Any]:
        return {key: draw(strategy) for key, strategy in options.items() if draw(st.booleans())}

    method = draw(st.sampled_from(METHODS))
    load: dict[str, Any] = {"commodity": "power", "method": method}
    if of_process:
        load |= {"process": "mill"} | some(share=number(0.2, 1))
    else:
        load |= {"load": {2030: draw(number(5, 30)), 2040: 20}} | some(profile=st.just("load"))
    load |= some(flexibility=st.sampled_from(["today", "potential"]))
    if method != "none":
        load |= {"up": draw(number(0, 1.5)), "down": draw(number(0, 1))}
        load |= some(
            efficiency=number(0.8, 1), cost_up=number(0, 5), cost_down=number(0, 5), up_profile=st.just("wind"),
        )  # fmt: skip
        load |= some(overload=number(0, 0.5)) if of_process else {}
    load |= some(down_profile=st.just("wind"))
    hours = st.sampled_from([1, 2, 5, 11, 12, 13, 30])
    if method == "window":
        load["window"] = draw(hours)
    if method == "zerrahn_schill":
        load |= {"delay": draw(hours)} | some(recovery=hours, joint_limit=st.booleans())
    if method == "gils":
        load["delays"] = draw(st.lists(hours, min_size=1, max_size=2, unique=True))
        load |= some(duration=number(0.5, 4), joint_limit=st.booleans())
    if method == "battery":
        load |= some(energy=number(0, 6), loss=number(0, 0.2))
    if method == "none" or draw(st.booleans()):
        load["sheds"] = draw(st.lists(sheds(), min_size=1, max_size=2))
    return load


@st.composite
def sheds(draw: st.DrawFn) -> dict[str, Any]:
    """One step of shedding."""
    step: dict[str, Any] = {"cost": draw(number(40, 120)), "share": draw(number(0.1, 1))}
    if draw(st.booleans()):
        step["hours_max"] = draw(number(0, 2000))
    if draw(st.booleans()):
        step |= {"recovery": draw(st.sampled_from([2, 12, 40])), "duration": draw(number(0.5, 4))}
    return step
