"""Merged plain data → typed Scenario; pydantic's errors become problems in plain words.

When a part of the scenario is unusable, it is taken out and the rest is validated again, so that later phases
can report what else is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

from pydantic import ValidationError

from .base import Section
from .problems import Report, did_you_mean
from .schema import Scenario
from .tree import Path

TAG = "#"  # marks the branches of a union in pydantic's locations
ROUNDS = 6
TOLD = 1_000  # faults of one scenario; more would only cost time
WANTED = {
    "string": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "dict": "a mapping",
    "tuple": "a list",
    "model": "a mapping",
}


def validate(data: Any, report: Report) -> tuple[Scenario | None, bool]:
    """The scenario that the data describe, and whether it is all of them; None if nothing usable is left."""
    for attempt in range(ROUNDS):
        try:
            return Scenario.model_validate(data), attempt == 0
        except ValidationError as error:
            faults = _faults(error, data)
        if attempt == 0:
            for fault in faults[:TOLD]:
                fault.tell(report)
        spoilt = [fault.spoilt for fault in faults]
        if () in spoilt:
            return None, False
        data = _without(data, spoilt)
    return None, False


class _Fault:
    """All that pydantic says about one place: alternatives of a union become one sentence."""

    def __init__(self, path: Path, data: Any) -> None:
        self.path, self.data = path, data
        self.errors: list[dict[str, Any]] = []

    @property
    def kind(self) -> str:
        return str(self.errors[0]["type"])

    @property
    def spoilt(self) -> Path:
        """What to take out so that the rest can be read."""
        return self.path[:-1] if self.kind == "missing" and not self._too_few else self.path

    @property
    def _too_few(self) -> bool:
        """Whether what is missing is an item of a list, not a key."""
        return self.kind == "missing" and isinstance(self.errors[0]["loc"][-1], int)

    def tell(self, report: Report) -> None:
        """Report this fault."""
        kind, context = self.kind, self.errors[0].get("ctx", {})
        parent, key = self.path[:-1], self.path[-1] if self.path else ""
        if kind == "extra_forbidden":
            known = did_you_mean(key, _keys_of(parent))
            report.add("unknown-key", parent, f"unknown key '{key}'{known}", key)
        elif self._too_few or kind == "too_long":
            needed = context["max_length"] if context else self.errors[-1]["loc"][-1] + 1
            report.add("wrong-type", self.path, f"the list must have {needed} values")
        elif kind == "missing":
            report.add("missing-key", parent, f"'{key}' is missing{_purpose(self.path)}")
        elif kind == "too_short":
            report.add("missing-key", self.path, "nothing is given; at least one is needed")
        elif kind == "literal_error":
            self._choice(report, context)
        elif kind in ("greater_than_equal", "less_than_equal"):
            side, limit = ("below", context["ge"]) if "ge" in context else ("above", context["le"])
            report.add("out-of-range", self.path, f"{_shown(self._input)} is {side} {limit}")
        elif kind.startswith("quantity_"):
            report.add(_QUANTITY[kind], self.path, str(self.errors[0]["msg"]))
        elif kind == "choice":
            report.add("wrong-choice", self.path, f"{_shown(self._input)} {self.errors[0]['msg']}")
        else:
            self._type(report)

    @property
    def _input(self) -> Any:
        return self.errors[0]["input"]

    def _choice(self, report: Report, context: dict[str, Any]) -> None:
        words = [w.strip(" '") for w in context["expected"].replace(" or ", ",").split(",")]
        close = did_you_mean(self._input, words)
        hint = close if "mean" in close else ""
        report.add("wrong-choice", self.path, f"{_shown(self._input)} is none of {', '.join(words)}{hint}")

    def _type(self, report: Report) -> None:
        if self.errors[0]["loc"][-1] == "[key]":
            wanted = "a year" if self.kind.startswith("int") else "a name; put it in quotes"
            report.add("wrong-type", self.path[:-1], f"key {self._input!r} is not {wanted}", self.path[-1])
            return
        kinds = dict.fromkeys(WANTED.get(e["type"].split("_")[0], "") for e in self.errors)
        wanted = " or ".join(filter(None, kinds)) or "what belongs here"
        hint = f". Write [{self._input}]" if wanted == "a list" and isinstance(self._input, str | int) else ""
        report.add("wrong-type", self.path, f"{_shown(self._input)} is not {wanted}{hint}")


_QUANTITY = {
    "quantity_key": "unknown-key",
    "quantity_quality": "wrong-choice",
    "quantity_table": "table",
    "quantity_empty": "mixed-keys",
    "quantity_mixed": "mixed-keys",
    "quantity_type": "wrong-type",
    "quantity_value": "missing-key",
}


def _faults(error: ValidationError, data: Any) -> list[_Fault]:
    faults: dict[Path, _Fault] = {}
    for item in error.errors(include_url=False):
        path = _path_in(data, item["loc"], item["type"])
        faults.setdefault(path, _Fault(path, data)).errors.append(dict(item))
    return list(faults.values())


def _path_in(data: Any, location: Iterable[Any], kind: str) -> Path:
    """pydantic's location as a path in the data: without names of union branches and markers of keys."""
    path: list[Any] = []
    parts = [part for part in location if not str(part).startswith(TAG)]
    for position, part in enumerate(parts):
        last = position == len(parts) - 1
        inside = (isinstance(data, dict) and part in data) or (
            isinstance(data, tuple) and isinstance(part, int) and part < len(data)
        )
        if not inside and not (last and kind in ("missing", "extra_forbidden") and not isinstance(data, tuple)):
            break
        path.append(part)
        data = data[part] if inside else None
    return tuple(path)


def _without(data: Any, paths: list[Path]) -> Any:
    """The data without what stands at `paths`; an item of a list takes its list with it."""
    if not isinstance(data, dict):
        return data
    below: dict[Any, list[Path]] = {}
    for head, *rest in paths:
        below.setdefault(head, []).append(tuple(rest))
    kept = {}
    for key, value in data.items():
        inner = below.get(key)
        if inner is None:
            kept[key] = value
        elif isinstance(value, dict) and () not in inner:
            kept[key] = _without(value, inner)
    return kept


def _shown(value: Any) -> str:
    if value is None:
        return "an empty value"
    if isinstance(value, dict | tuple):
        return f"a {'mapping' if isinstance(value, dict) else 'list'}"
    return f"'{str(value)[:60]}'"


def section_at(path: Path) -> type[Section] | None:
    """The class of the section at `path`, None where there is none."""
    at: Any = Scenario
    for key in path:
        if isinstance(at, type) and issubclass(at, Section):
            fields = {f.alias or n: f for n, f in at.model_fields.items()}
            if key not in fields:
                return None
            at = fields[key].annotation
            section = _section_in(at)
            at = section if section and not _is_collection(at) else at
        else:
            at = _section_in(at)
    return at if isinstance(at, type) and issubclass(at, Section) else None


def _is_collection(annotation: Any) -> bool:
    origin = getattr(annotation, "__origin__", None)
    return origin in (dict, tuple) or any(_is_collection(a) for a in get_args(annotation) if a is not annotation)


def _section_in(annotation: Any) -> type[Section] | None:
    """The first section class named in a type, for example in `dict[str, Process]`."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation
    found = (_section_in(a) for a in get_args(annotation))
    return next((f for f in found if f), None)


def _keys_of(path: Path) -> list[str]:
    section = section_at(path)
    return [f.alias or name for name, f in section.model_fields.items()] if section else []


def _purpose(path: Path) -> str:
    """What a missing key is for, from the schema."""
    section, key = section_at(path[:-1]), path[-1]
    infos = {f.alias or n: f for n, f in section.model_fields.items()} if section else {}
    about = infos[str(key)].description if str(key) in infos else None
    return f" ({about.rstrip('.')})" if about else ""
