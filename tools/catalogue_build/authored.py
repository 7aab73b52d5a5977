"""Authored entries → entries as they are shipped; every fault with its file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_origin

from pydantic_core import PydanticCustomError

from transform_sim.scenario import units
from transform_sim.scenario.convert import Converter, Spec
from transform_sim.scenario.problems import Report, did_you_mean
from transform_sim.scenario.quantity import META_KEYS, Quantity
from transform_sim.scenario.tree import Node, locate, plain
from transform_sim.scenario.tree import Path as Place
from transform_sim.scenario.validate import section_at

from .datasets import Data, check_wish
from .drawn import DrawError, Drawn, joined, number
from .origins import LICENCES, most_demanding
from .sectors import Sector

CURRENCY = "EUR2020"


@dataclass
class Builder:
    """Turns the authored entries of a sector into shipped ones; `data` may be absent, then draws are only looked at."""

    sector: Sector
    data: Data | None
    unit_of: Mapping[tuple[str, str], str]

    def build(self) -> None:
        """Fill `sector.shipped`, or tell what is wrong."""
        for section, name, node in self.sector.entries():
            entry = self._section(node, (section, name))
            self.sector.shipped.setdefault(section, {})[name] = entry

    def _section(self, node: Node, place: Place) -> dict[Any, Any]:
        known = section_at(place)
        fields = {i.alias or n: i for n, i in known.model_fields.items()} if known else {}
        made: dict[Any, Any] = {}
        for key, child in node.mapping.items():
            where = (*place, key)
            if key not in fields or key in ("existing", "regions", "source"):
                self.sector.tell(where, f"unknown key '{key}' in an entry{did_you_mean(key, fields)}")
                continue
            spec = Spec.of(fields[str(key)].json_schema_extra)
            if spec is not None and isinstance(child.value, tuple):
                made[key] = tuple(self._quantity(n, spec, (*where, i)) for i, n in enumerate(child.value))
            elif spec is not None:
                deep = get_origin(fields[str(key)].annotation) is dict
                made[key] = self._quantities(child, spec, where, deep)
            elif isinstance(child.value, tuple) and section_at((*where, 0)) is not None:
                made[key] = tuple(self._section(n, (*where, i)) for i, n in enumerate(child.value))
            elif section_at(where) is not None:
                made[key] = self._section(child, where)
            elif isinstance(child.value, dict) and section_at((*where, "")) is not None:
                made[key] = {k: self._section(n, (*where, k)) for k, n in child.mapping.items()}
            else:
                made[key] = plain(child)
        return made

    def _quantities(self, node: Node, spec: Spec, place: Place, deep: bool) -> Any:
        """One quantity, or flows by commodity, or those by year of build."""
        if not deep:
            return self._quantity(node, spec, place)
        inner = {k: isinstance(k, int) for k in node.mapping}
        return {k: self._quantities(n, spec, (*place, k), inner[k]) for k, n in node.mapping.items()}

    def _quantity(self, node: Node, spec: Spec, place: Place) -> Any:
        given = plain(node)
        if not isinstance(given, dict):
            structural = given in (1, -1) and ("flows" in place or "techniques" in place or place[-1] == "ratio")
            if not structural or isinstance(given, bool):
                self.sector.tell(place, "a number needs {value, low, high, quality, source, note}")
            return given
        if ("value" in given) == ("data" in given):
            self.sector.tell(place, "give either value or data")
            return given
        made = self._drawn(given, place) if "data" in given else self._literal(given, place)
        if made is not None:
            self._checked(made, spec, place)
        return made

    def _literal(self, given: dict[str, Any], place: Place) -> dict[str, Any] | None:
        wrong = [key for key in given if key not in META_KEYS]
        if wrong:
            self.sector.tell(place, f"unknown key '{wrong[0]}'{did_you_mean(wrong[0], META_KEYS)}")
            return None
        if "source" not in given or "quality" not in given:
            self.sector.tell(place, f"'{'source' if 'source' not in given else 'quality'}' is missing")
            return None
        cited = self._cited(str(given["source"]), given.get("licence"), place)
        if cited is None:
            return None
        source, licence = cited
        if source.startswith("Assumption") and not given.get("note"):
            self.sector.tell(place, "an assumption needs a note that says why")
        made = {key: given[key] for key in ("value", "low", "high", "quality") if given.get(key) is not None}
        return made | {"source": source, "licence": licence} | ({"note": given["note"]} if given.get("note") else {})

    def _cited(self, text: str, licence: Any, place: Place) -> tuple[str, str] | None:
        """The citations for 'key, place; key, place', and the licence of all of them."""
        known, parts = self.sector.sources, re.split(r"\s*;\s*", text.strip())
        keys = [part.split(",")[0].strip() for part in parts]
        if any(key in known for key in keys):
            cited, licences = [], []
            for key, part in zip(keys, parts, strict=True):
                if key in known:
                    self.sector.used.add(key)
                    licences.append(known[key].licence)
                cited.append(known[key].citation + part[len(key) :] if key in known else part)
            return "; ".join(cited), most_demanding(licences)
        if licence in LICENCES:
            return text, str(licence)
        self.sector.tell(place, f"unknown source '{keys[0]}'{did_you_mean(keys[0], known)}")
        return None

    def _drawn(self, given: dict[str, Any], place: Place) -> dict[str, Any] | None:
        wish = {key: value for key, value in given.items() if key not in ("low", "high", "note", "quality")}
        try:
            check_wish(wish)
            drawn = self.data.draw(wish) if self.data else None
        except (DrawError, KeyError) as error:
            message = f"'{error.args[0]}' is missing" if isinstance(error, KeyError) else str(error)
            self.sector.tell(place, message)
            return None
        if drawn is None:
            return None
        self.sector.origins |= drawn.origins
        return _written(drawn, given)

    def _checked(self, made: dict[str, Any], spec: Spec, place: Place) -> None:
        """Units fit the field, and low ≤ value ≤ high; by the code that reads scenarios."""
        for text in _numbers(made):
            if not isinstance(text, str) and spec.unit != "1":
                self.sector.tell(place, f"write the unit: {text!r} has none")
                return
        unit = self._unit(spec, place)
        if unit is None:
            return
        report = Report(self.sector.tree)
        try:
            quantity = Quantity.of(made)
        except PydanticCustomError as error:
            self.sector.tell(place, str(error))
            return
        Converter(spec, unit, CURRENCY, report).quantity(quantity, place)
        self.sector.problems += report.problems

    def _unit(self, spec: Spec, place: Place) -> str | None:
        """The field's unit for this entry; None if a commodity is not known (the whole catalogue is loaded later)."""
        section = str(place[0])
        entry = locate(self.sector.tree, place[:2]).mapping
        carried = entry["commodity"].value if "commodity" in entry else None
        own = entry["unit"].value if "unit" in entry else self.unit_of.get(("commodities", str(carried)))
        words = {"currency": CURRENCY, "unit": own, "commodity": self.unit_of.get(("commodities", str(place[-1])))}
        if own is not None:
            words["capacity"] = own if section == "storages" else units.capacity_unit(str(own))
        if any(words.get(word) is None for word in re.findall(r"\{(\w+)\}", spec.unit)):
            return None
        per_length = "/km" if section == "links" and place[-1] in ("capex", "fixed_opex") else ""
        return re.sub(r"\((\w+)\)", r"\1", (spec.unit + per_length).format(**words))


def _numbers(made: Mapping[str, Any]) -> Iterator[Any]:
    for key in ("value", "low", "high"):
        given = made.get(key)
        if isinstance(given, dict):
            yield from given.values()
        elif given is not None:
            yield given


def _written(drawn: Drawn, given: Mapping[str, Any]) -> dict[str, Any]:
    """A drawn number as a scenario writes it; the author's own range goes before that of the data."""
    unit = "" if drawn.unit == "1" else f" {drawn.unit}"

    def text(value: Any) -> Any:
        if isinstance(value, dict):
            return {year: text(v) for year, v in value.items()}
        if isinstance(value, str):
            return value
        return f"{number(value)}{unit}" if unit else float(number(value))

    value = drawn.value.get(None, drawn.value)
    made = {"value": text(value)}
    made |= {
        key: text(given.get(key, found))
        for key, found in (("low", drawn.low), ("high", drawn.high))
        if given.get(key, found) is not None
    }
    note = joined(str(given.get("note") or ""), drawn.note)
    made |= {"quality": given.get("quality") or drawn.quality, "source": drawn.source, "licence": drawn.licence}
    return made | ({"note": note} if note else {})
