"""What the builder writes for people: docs/data.md, and the catalogue's part of NOTICE."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from transform_sim.catalogue import QUALITIES, Number, numbers
from transform_sim.scenario.entries import SECTIONS
from transform_sim.scenario.tree import Node, from_plain

from .origins import ADDRESSES, LICENCES, ORIGINS
from .sectors import Sector

MARK = "Below, one part for each file of src/transform_sim/data/catalogue/, written by tools/build_catalogue.py."
CHANGES = "Single rows are chosen; units are written in full; some numbers are computed, as their notes say."
TEMPLATE = Path(__file__).with_name("page.md")


def entries_of(sector: Sector) -> Iterator[tuple[str, str, Node]]:
    """(section, name, node) of each entry as it is shipped."""
    for section, part in from_plain(sector.shipped, sector.name).mapping.items():
        for name, node in part.mapping.items():
            yield str(section), str(name), node


def data_page(sectors: list[Sector]) -> str:
    """docs/data.md: what there is, how sure it is, what is left out, how to read it, how to make it anew."""
    found = [number for s in sectors for _, _, node in entries_of(s) for number in numbers(node)]
    count = Counter(number.quality for number in found)
    entries = sum(1 for s in sectors for _ in entries_of(s))
    counts = {quality: f"{count[quality]:,}" for quality in QUALITIES}
    words = {"entries": f"{entries:,}", "numbers": f"{len(found):,}", **counts}
    words |= {"tables": "\n".join(_entry_tables(sectors)).rstrip(), "gaps": "\n".join(_gaps(sectors))}
    page = TEMPLATE.read_text(encoding="utf-8")
    for word, text in words.items():
        page = page.replace(f"<{word}>", text)
    return page


def _entry_tables(sectors: list[Sector]) -> Iterator[str]:
    yield "## What there is\n"
    yield "The last three columns count numbers by quality.\n"
    for sector in sectors:
        yield f"### {sector.name}\n"
        yield f"| entry | what | title | {' | '.join(QUALITIES)} |"
        yield f"|---|---|---|{'--:|' * len(QUALITIES)}"
        for section, name, node in entries_of(sector):
            count = Counter(number.quality for number in numbers(node))
            title = str(node.mapping["title"].value) if "title" in node.mapping else ""
            cells = [f"`{name}`", SECTIONS[section], _cell(title), *(str(count[q] or "–") for q in QUALITIES)]
            yield f"| {' | '.join(cells)} |"
        yield ""


def _gaps(sectors: list[Sector]) -> Iterator[str]:
    yield "## What is left out\n"
    yield "Fields and plants for which no source was found that could be used, and what is missing.\n"
    yield "| sector | entry | field | why |"
    yield "|---|---|---|---|"
    for sector in sectors:
        for gap in sector.gaps:
            yield f"| {sector.name} | `{gap['entry']}` | {_cell(gap['field'])} | {_cell(gap['why'])} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def notice(before: str, sectors: list[Sector]) -> str:
    """NOTICE with the catalogue's part written anew."""
    kept = before.split(f"\n\n{MARK}")[0].rstrip("\n")
    return "\n\n".join([kept, MARK + "\n", *(_notice_of(sector) for sector in sectors)]) + "\n"


def _notice_of(sector: Sector) -> str:
    found = [number for _, _, node in entries_of(sector) for number in numbers(node)]
    origins = [ORIGINS[key] for key in ORIGINS if key in sector.origins]
    sources = [sector.sources[key] for key in sorted(sector.used)]
    named = [*(o.attribution for o in origins), *(s.attribution for s in sources if s.attribution)]
    what = f"{len(found)} numbers of the catalogue's entries for {sector.name.replace('_', ' ')}."
    places = [f"{origin.name}: {origin.place}." for origin in origins]
    places += [f"{source.citation}." for source in sources if source.attribution]
    quoted = "Single facts from the publications named beside each number."
    licences = [ADDRESSES[key] for key in LICENCES if key in _licences(found)]
    lines = [
        ("What", [what]),
        ("Source", [*places, quoted]),
        ("Licence", licences or [ADDRESSES["quoted"]]),
        ("Attribution", list(dict.fromkeys(named)) or ["The publications named beside each number"]),
        (
            "Changes",
            [CHANGES],
        ),
    ]
    return "\n".join([f"{sector.name}.yaml", *(line for word, texts in lines for line in _block(word, texts))])


def _licences(found: list[Number]) -> set[str]:
    return {number.licence for number in found}


def _block(word: str, texts: list[str]) -> Iterator[str]:
    for position, text in enumerate(texts):
        start = f"    {word if position == 0 else '':<13}"
        yield textwrap.fill(
            text, 120, initial_indent=start, subsequent_indent=" " * 17, break_long_words=False, break_on_hyphens=False
        )
