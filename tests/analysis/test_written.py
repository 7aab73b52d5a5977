"""The scenario text in results is read once, whoever asks."""

from __future__ import annotations

import pytest

from tests.micro import mini
from transform_sim.analysis import assumptions, written
from transform_sim.analysis.technology import plants_of
from transform_sim.errors import TransformSimError
from transform_sim.results import Results


def test_all_who_ask_share_one_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    results = mini("two_routes")
    texts: list[str] = []

    def counted(text: str, file: str) -> object:
        texts.append(text)
        return read(text, file)

    read = written.read
    monkeypatch.setattr(written, "read", counted)
    written.nodes.cache_clear()
    for _ in range(2):
        assert assumptions.listed(results)
        assert assumptions.titles(results) == {}
        assert plants_of(results).processes
    assert texts == [results.data.attrs["scenario_text"]]


def test_results_without_a_text_have_no_assumptions_and_no_plants() -> None:
    data = mini("two_routes").data.copy()
    del data.attrs["scenario_text"]
    bare = Results(data)
    assert assumptions.listed(bare) == []
    assert assumptions.titles(bare) == {}
    with pytest.raises(TransformSimError, match="hold no scenario"):
        plants_of(bare)
