"""Figures in German and English: every sentence has both, numbers and names follow the language."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from string import Formatter

import pytest
from matplotlib.axes import Axes

from transform_sim import plots, reports
from transform_sim.plots import words
from transform_sim.plots.language import LanguageError, digits, language, say, spoken, vocabulary, word
from transform_sim.results import Results

from .drawn import axes, bars, panels, plain, texts

FOLDER = Path(plots.__file__).parent
REPORTS = Path(reports.__file__).parent
FIGURES = [
    plots.production, plots.capacity, plots.emissions, plots.cost, plots.cost_by_sector, plots.prices, plots.dispatch,
    plots.energy,
]  # fmt: skip


def calls(name: str) -> Iterator[tuple[str, ast.expr]]:
    """File and first argument of every call of a function in plots and reports."""
    for file in (*sorted(FOLDER.glob("*.py")), *sorted(REPORTS.glob("*.py"))):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                yield f"{file.name}:{node.lineno}", node.args[0]


def test_every_sentence_is_written_out_and_has_a_german_one() -> None:
    found = list(calls("say"))
    assert len(found) > 50
    assert not [where for where, argument in found if not isinstance(argument, ast.Constant)]
    assert not [where for where, a in found if isinstance(a, ast.Constant) and a.value not in vocabulary()]


def test_every_sentence_of_the_report_has_a_german_one() -> None:
    page = (REPORTS / "template.html").read_text(encoding="utf-8")
    said = re.findall(r'\bsay\("([^"]*)"', page)
    assert len(said) > 25
    assert len(said) == page.count("say(")  # each with its sentence written out
    assert not [text for text in said if text not in vocabulary()]


def test_words_of_the_report_have_german_ones() -> None:
    qualities, groups = ("opened", "computed", "recalled", "unstated"), (
        "emissions", "policy", "money", "energy bought", "final energy and feedstock use", "delivered",
    )  # fmt: skip
    items = ("emission cap", "carbon price", "price of the cap, on top of the carbon price", "annual cost",
             "investment in the period", "private", "social")  # fmt: skip
    assert not [t for t in (*qualities, *groups, *items) if t not in vocabulary()]


def test_every_constant_term_has_a_german_one() -> None:
    terms = [a.value for _, a in calls("word") if isinstance(a, ast.Constant)]
    assert not [t for t in terms if t not in vocabulary()]


@pytest.mark.parametrize("name", [*words.NAMES.values()])
def test_names_of_the_catalogue_have_german_ones(name: str) -> None:
    assert name in vocabulary()


def test_both_sentences_have_the_same_places() -> None:
    def fields(text: str) -> set[str]:
        return {field for _, field, _, _ in Formatter().parse(text) if field}

    assert not {en: de for en, de in vocabulary().items() if fields(en) != fields(de)}


def test_no_entry_stands_twice() -> None:
    with (FOLDER / "vocabulary.csv").open(encoding="utf-8", newline="") as file:
        keys = [row["en"] for row in csv.DictReader(file)]
    assert len(keys) == len(set(keys))
    assert all(vocabulary().values())


def test_the_language_holds_until_its_context_ends() -> None:
    with language("de"):
        assert (spoken(), word("crude_steel"), word("Crude steel")) == ("de", "Rohstahl", "Rohstahl")
        with language("en"):
            assert word("crude_steel") == "crude_steel"
        assert spoken() == "de"
    assert spoken() == "en"


def test_without_a_context_the_language_stays() -> None:
    language("de")
    assert spoken() == "de"
    language("en")
    assert spoken() == "en"


def test_unknown_languages_and_sentences_are_refused_and_names_stay() -> None:
    with pytest.raises(LanguageError, match="no language 'fr' — choose from en, de"):
        language("fr")
    with language("de"):
        assert word("Werk Süd 3") == "Werk Süd 3"
        with pytest.raises(LanguageError, match=r"no German for 'No such \{thing\}'"):
            say("No such {thing}", thing=1)


@pytest.mark.parametrize(
    ("value", "text"), [(15.44, "15,4"), (1234.5, "1.234"), (-4.39, "−4,39"), (0.0, "0"), (1_234_567.0, "1.234.567")]
)
def test_german_numbers(value: float, text: str) -> None:
    with language("de"):
        assert words.amount(value) == text
        assert words.amounts([value, 0.0])[1] == "0"


def test_german_names_and_units() -> None:
    with language("de"):
        assert words.sized(8e9, "EUR2020/a") == (1e9, "Mrd.\u00a0EUR2020/a")
        assert words.label("heat_200") == "Wärme 100–200 °C"
        assert words.label("purchased scrap") == "Schrott (Zukauf)"
        assert words.inside(words.label("hydrogen")) == "Wasserstoff"
        assert digits("1,234.5") == "1.234,5"
    assert words.label("heat_200") == "heat 100–200 °C"


@pytest.mark.parametrize("draw", FIGURES)
def test_every_figure_speaks_german(draw: Callable[..., Axes], steel: Results) -> None:
    with language("de"):
        ax = draw(steel, ax=axes())
    ax.figure.draw_without_rendering()
    # the title of the scenario is the user's
    said = " ".join(texts(p) for p in panels(ax)).replace("Steel in a region [made-up-steel]", "")
    assert "Szenario:" in said
    english = re.findall(r"\b(?:the|of|and|steel|coal|power|natural|in (?=\d)|from|by|scrap)\b", said, re.IGNORECASE)
    assert not english
    assert not re.search(r"\d\.\d(?!\d\d)", said)  # 12.5 would be English; 1.234 is not


def test_german_titles_state_the_same_finding(steel: Results) -> None:
    with language("de"):
        production, emissions = plots.production(steel, ax=axes()), plots.emissions(steel, ax=axes())
    assert plain(production.get_title(loc="left")) == (
        "Rohstahl im Jahr 2050: 54 % DRI-Elektroofen; Hochofenroute sinkt von 100 % (2025) auf 0 %"
    )
    assert plain(emissions.get_title(loc="left")).startswith("CO₂-Emissionen sinken um ")


def test_colours_do_not_depend_on_the_language(steel: Results) -> None:
    def colours(ax: Axes) -> list[object]:
        return [c.patches[0].get_facecolor() for c in ax.containers]

    english = plots.production(steel, ax=axes())
    with language("de"):
        german = plots.production(steel, ax=axes())
    assert colours(english) == colours(german)
    assert set(bars(english)) != set(bars(german))
