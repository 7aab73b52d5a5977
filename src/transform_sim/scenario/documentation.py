"""docs/scenario.md, generated from the schema: key, unit, default, meaning, example.

Write it anew with `python -m transform_sim.scenario.documentation > docs/scenario.md`.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from . import flexibility, markets, network, plants, policies, support, time, transfers
from .base import Section
from .convert import Spec
from .jsonschema import written
from .problems import KINDS
from .quantity import Quantity
from .schema import Scenario

SECTIONS: tuple[tuple[str, str, type[Section]], ...] = (
    ("The study", "", Scenario),
    ("Horizon", "horizon", time.Horizon),
    ("Time: slices", "", time.Slices),
    ("One slice", "", time.Slice),
    ("Time: typical days", "", time.TypicalDaysTime),
    ("Typical days", "", time.TypicalDays),
    ("Regions", "regions", markets.Region),
    ("Commodities", "commodities", markets.Commodity),
    ("Disposal of a commodity", "", markets.Disposal),
    ("Processes", "processes", plants.Process),
    ("Modes of a process", "", plants.Mode),
    ("Reinvestment in a process", "", plants.Reinvest),
    ("Retrofits of a process", "", plants.Retrofit),
    ("Storages", "storages", plants.Storage),
    ("Links", "links", plants.Link),
    ("Supply", "supply", markets.Supply),
    ("Steps of a supply or sale", "", markets.Step),
    ("Sales", "sales", markets.Sale),
    ("Demand", "demand", markets.Demand),
    ("Flexible loads", "flexible_loads", flexibility.FlexibleLoad),
    ("Shedding of a flexible load", "", flexibility.Shed),
    ("Network charges", "network_charges", network.NetworkCharge),
    ("Policies", "policies", policies.Policies),
    ("Banking of allowances", "", policies.Banking),
    ("Free allocation", "", transfers.FreeAllocation),
    ("Electricity price compensation", "", transfers.PowerCompensation),
    ("Border adjustment", "", transfers.BorderAdjustment),
    ("Carbon contracts for difference", "", support.CarbonContract),
    ("Indexation of a contract", "", support.Indexation),
    ("Investment grants", "", support.Grant),
    ("Public budgets", "", support.Budget),
    ("Green quotas", "", policies.Quota),
    ("Capacity margins", "", policies.CapacityMargin),
    ("Resources", "resources", markets.Resource),
)
WORDS = {"str": "text", "int": "whole number", "float": "number", "bool": "true or false"}
UNIT_WORDS = {
    "currency": "EUR",
    "unit": "unit",
    "capacity": "capacity",
    "commodity": "its unit",
    "activity": "its unit",
}


def markdown() -> str:
    """The page: how values are written, every section with its keys, every kind of problem."""
    parts = [_resource("guide.md").rstrip()]
    parts += ["\n".join(_section(*section)) for section in SECTIONS]
    parts.append("\n".join(_problems()))
    return "\n\n".join(parts) + "\n"


def _section(title: str, key: str, section: type[Section]) -> Iterator[str]:
    yield f"## {title}\n"
    yield f"{(section.__doc__ or '').strip()}\n"
    yield "| key | unit or form | default | meaning |"
    yield "|---|---|---|---|"
    for name, info in section.model_fields.items():
        cells = (f"`{info.alias or name}`", _form(info), _default(info), _meaning(info))
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
    example = _example(key)
    if example:
        yield f"\n```yaml\n{example}\n```"


def _form(info: FieldInfo) -> str:
    spec = Spec.of(info.json_schema_extra)
    if spec is None:
        return _kind(info.annotation)
    unit = spec.unit.format(**UNIT_WORDS).replace("(capacity)", "capacity")
    dims = " and ".join(dim if dim == "year" else "place" for dim in spec.dims)
    keys = "by name; " if get_origin(info.annotation) is dict else ""
    return f"{keys}{unit}" + (f", by {dims}" if dims else "")


def _kind(annotation: Any) -> str:
    """A type in plain words."""
    origin, arguments = get_origin(annotation), [a for a in get_args(annotation) if a is not type(None)]
    if origin is Literal:
        return ", ".join(f"`{a}`" for a in arguments)
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(_kind(a) for a in arguments))
    if origin is tuple:
        return "list"
    if origin is dict:
        return "by name" if arguments[0] is str else "by year"
    if hasattr(annotation, "__metadata__"):
        return _kind(arguments[0])
    return WORDS.get(getattr(annotation, "__name__", ""), "mapping")


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "needed"
    value = info.get_default(call_default_factory=True)
    if isinstance(value, Quantity):
        number = written(value)
        return f"{number:g}" if isinstance(number, float) else str(number)
    if value in (None, "", ()) or isinstance(value, dict | Section):
        return "–"
    if isinstance(value, tuple):
        return f"`[{', '.join(map(str, value))}]`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _meaning(info: FieldInfo) -> str:
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    example = extra.get("x-example")
    shown = f" Example: `{_inline(example)}`." if example is not None else ""
    return f"{info.description or ''}{_range(Spec.of(extra))}{shown}"


def _range(spec: Spec | None) -> str:
    """Limits worth telling: not that costs are not negative."""
    if spec is None or (spec.maximum is None and not spec.positive):
        return ""
    lower = "above 0" if spec.positive else "" if spec.minimum is None else f"from {spec.minimum:g}"
    upper = "" if spec.maximum is None else f"to {spec.maximum:g}"
    return f" ({' '.join(filter(None, (lower, upper)))})"


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{k}: {_inline(v)}' for k, v in value.items())}}}"
    return str(value)


def _example(key: str) -> str:
    """The lines of the example scenario under one of its top keys."""
    lines = _resource("example.yaml").splitlines()
    starts = [n for n, line in enumerate(lines) if line.startswith(f"{key}:")]
    if not key or not starts:
        return ""
    end = next((n for n in range(starts[0] + 1, len(lines)) if lines[n][0] != " "), len(lines))
    return "\n".join(lines[starts[0] : end])


def _problems() -> Iterator[str]:
    yield "## Kinds of problems\n"
    yield "Every problem that is reported has one of these codes (`error.problems[i].code`).\n"
    yield "| code | meaning |"
    yield "|---|---|"
    yield from (f"| `{code}` | {meaning} |" for code, meaning in KINDS.items())


def _resource(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


if __name__ == "__main__":
    print(markdown(), end="")
