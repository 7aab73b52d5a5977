"""Scenario files for the command line, and the ways to call it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from typer.testing import CliRunner, Result

from transform_sim.cli.commands import app

# 10 t a year at 100 EUR/t, one year without discounting: 1,000 EUR; the variant pays 300 EUR/t: 3,000 EUR
GOOD = """\
name: {name}
horizon: {{start: 2025, end: 2025, step: 1, discount_rate: 0}}
regions: {{ruhr: {{}}}}
commodities: {{steel: {{unit: t}}, co2: {{unit: t, kind: emission}}}}
supply: {{steel: {{price: 100, emissions: {{co2: 2}}}}}}
demand: {{steel: {{amount: 10}}}}
variants: {{dear: {{supply: {{steel: {{price: 300}}}}}}}}
"""
BROKEN = GOOD.replace("demand:", "demnad:")
INFEASIBLE = GOOD.replace("price: 100,", "price: 100, volume_max: 4,")
SWEEP = "base: good.yaml\naxes: {supply.steel.price: [100, 200]}\n"

START = [sys.executable, "-c", "from transform_sim.cli import main; main()"]


def scenario(folder: Path, file: str, text: str = GOOD, name: str = "") -> Path:
    """Write a scenario file; its name is the file's stem if none is given."""
    path = folder / file
    path.write_text(text.format(name=name or path.stem) if "{name}" in text else text, encoding="utf-8")
    return path


def call(*words: object) -> Result:
    """The command line in this process, as a user types it."""
    return CliRunner().invoke(app, [str(word) for word in words])


def start(*words: object, before: Callable[[], object] | None = None) -> subprocess.Popen[str]:
    """The command line in a process of its own, which listens to Ctrl-C whatever its parent does."""

    def prepare() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if before:
            before()

    pipe = subprocess.PIPE
    command = [*START, *(str(word) for word in words)]
    return subprocess.Popen(
        command, stdout=pipe, stderr=pipe, text=True, preexec_fn=prepare, env={**os.environ, "COLUMNS": "200"}
    )


def leftovers(folder: Path) -> list[Path]:
    """What an unfinished write would leave behind."""
    return [*folder.rglob(".writing-*"), *folder.rglob("*.part")]
