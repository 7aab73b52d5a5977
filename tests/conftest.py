"""Settings shared by all tests: how Hypothesis searches, and studies that are solved once."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

import transform_sim as ts

from .micro import MINIS, mini

settings.register_profile("default", deadline=None, max_examples=30)
settings.register_profile("ci", deadline=None, max_examples=30, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


@pytest.fixture(params=[path.stem for path in MINIS])
def each_mini(request: pytest.FixtureRequest) -> ts.Results:
    """The solution of every scenario in `scenarios/mini`, one after the other."""
    return mini(request.param)
