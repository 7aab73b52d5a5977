"""Units as the open data write them, in the unit grammar of scenarios. What is not listed is refused."""

from __future__ import annotations

from transform_sim.scenario import units

# money of technology_costs is EUR2025 throughout; USD there has no stated year and stays out
_MONEY = "EUR2025"
_PER_POWER = {
    "kW": "kW", "kW_e": "kW", "kWel": "kW", "kW_el": "kW", "kW_th": "kW", "kW_th - heat output": "kW", "kW_H2": "kW",
    "kW_CH4": "kW", "kW_NH3": "kW", "kW_MeOH": "kW", "kW_FT": "kW", "kW_th excluding drive energy": "kW", "MW": "MW",
    "MW_H2": "MW", "MW_CH4": "MW", "MW_MeOH": "MW", "kW_H2_LHV": "kW", "kW_NH3_LHV": "kW", "kW_MeOH_LHV": "kW",
}  # fmt: skip
_PER_AMOUNT = {
    "MWh": "MWh", "MWh_th": "MWh", "MWhth": "MWh", "MWh_e": "MWh", "MWhel": "MWh", "MWh_el": "MWh", "MWh_H2": "MWh",
    "MWh_NH3": "MWh", "MWh_MeOH": "MWh", "MWh_FT": "MWh", "MWh_CH4": "MWh", "MWh output": "MWh", "MWh_LHV": "MWh",
    "kWh": "kWh", "kWh_H2": "kWh", "kWhCapacity": "kWh", "kWh Capacity": "kWh", "GJ": "GJ",
    "t": "t", "t_CO2": "t", "tCO2": "t", "t_HVC": "t", "t_clinker": "t", "t_cement": "t", "t_H2": "t", "t_NH3": "t",
    "t_MeOH": "t",
}  # fmt: skip
_RATES = {
    "(t_HVC/h)": "(t/h)", "t_steel/h": "(t/h)", "t_HBI/h": "(t/h)", "t_CO2/h": "(t/h)", "(tCO2/h)": "(t/h)",
    "t_clinker/h": "(t/h)", "t_cement/h": "(t/h)", "t_N2/h": "(t/h)", "(t/a)": "(t/a)", "(t/a) [365 d/a]": "(t/a)",
    "(t_NH3/a)": "(t/a)", "(t_MeOH/a)": "(t/a)", "(tCO2/h)/km": "(t/h)/km", "MW/km": "MW/km",
}  # fmt: skip
_MADE = {
    "MWh": "MWh", "MWh_th": "MWh", "MWh_el": "MWh", "MWh_e": "MWh", "MWh_H2": "MWh", "MWh_NH3": "MWh", "MWh_CH4": "MWh",
    "MWh_MeOH": "MWh", "MWh_NG": "MWh", "MWh_coal": "MWh", "MWh_oil": "MWh", "MWh_wood": "MWh", "MWh_naphtha": "MWh",
    "MWh_LHV": "MWh", "MWh_H2_LHV": "MWh", "MWh_FT": "MWh", "MWh_gas": "MWh", "MWh_feedstock": "MWh",
    "t": "t", "tCO2": "t", "t_CO2": "t", "t CO2": "t", "t_HVC": "t", "t_steel": "t", "t_hbi": "t", "t_ore": "t",
    "t_scrap": "t", "t_clinker": "t", "t_cement": "t", "t_slag": "t", "t_cl": "t", "t_NH3": "t", "t_MeOH": "t",
    "t_H2": "t", "t_N2": "t", "t_lime": "t", "t_dolomite_lime": "t", "t_glass": "t", "t_CaO": "t", "t_CaCO3": "t",
    "t_Al": "t",
}  # fmt: skip


def _table() -> dict[str, str]:
    money = _PER_POWER | _PER_AMOUNT | _RATES
    table = {f"EUR/{written}": f"{_MONEY}/{ours}" for written, ours in money.items()}
    table |= {f"EUR2025/{written}": f"{_MONEY}/{ours}" for written, ours in money.items()}
    table |= {f"EUR2025/{written}/a": f"{_MONEY}/{ours}/a" for written, ours in money.items()}
    table |= {f"EUR/{written}/year": f"{_MONEY}/{ours}/a" for written, ours in money.items()}
    table |= {f"{one}/{other}": f"{_MADE[one]}/{_MADE[other]}" for one in _MADE for other in _MADE}
    shares = ("per unit", "p.u.", "per unit (in LHV)", "fraction", "Fraction", "kWh/kWh", "GJ/GJ")
    table |= dict.fromkeys(shares, "1")
    table |= dict.fromkeys(("years", "a", "y", "yr", "year", "Years"), "a")
    table |= {"%/year": "%/a", "fraction of CAPEX/a": "1/a", "1/a": "1/a", "%": "%", "percent": "%", "h": "h"}
    table |= {"%/hour": "%/h", "kWh/t": "kWh/t", "kg/t": "kg/t", "GJ/t": "GJ/t", "kg CO2/t": "kg/t"}
    table |= {"GJ/t_NH3": "GJ/t", "GJ_NG_LHV/t": "GJ/t", "GJ_NG_LHV/t_NH3": "GJ/t", "GJ_coal_LHV/t": "GJ/t"}
    table |= {"kg_H2/t": "kg/t", "Mt/Mt": "t/t", "Mton/MtonAl": "t/t", "t/t_MeOH": "t/t", "kg CO2eq/t": "kg/t"}
    return table


TABLE = _table()
"""Written unit → unit of a scenario."""


def ours(written: str, money: str | None = None) -> str | None:
    """The unit of a scenario for a unit as written, None if it is not in the table.

    `money` is the currency year of a row that states it elsewhere, such as EUR2020.
    """
    unit = TABLE.get(written.strip())
    return unit.replace(_MONEY, money) if unit and money else unit


def converted(unit: str, wanted: str) -> float | None:
    """How many `wanted` one `unit` is, None if they measure different things."""
    try:
        return units.factor(unit, wanted)
    except units.UnitError:
        return None
