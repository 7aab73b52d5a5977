"""The scenario: a strict, typed, immutable reading of a YAML file."""

from __future__ import annotations

from .jsonschema import json_schema
from .load import load, load_variants, loads
from .problems import Problem
from .quantity import Quantity
from .schema import Scenario

__all__ = ["Problem", "Quantity", "Scenario", "json_schema", "load", "load_variants", "loads"]
