"""Store the summaries that changed: `python -m tests.summaries --because "…" [scenario …]`."""

from __future__ import annotations

import argparse

from tests.summaries import SCENARIOS, differences, solve, store, stored


def main() -> None:
    """Solve, compare, store, and say what changed."""
    parser = argparse.ArgumentParser(prog="python -m tests.summaries", description=__doc__)
    parser.add_argument("--because", required=True, help="why the numbers changed; kept with them")
    parser.add_argument("scenario", nargs="*", help=f"any of {', '.join(SCENARIOS)}; all if absent")
    given = parser.parse_args()
    unknown = [name for name in given.scenario if name not in SCENARIOS]
    if unknown:
        parser.error(f"no such scenario: {', '.join(unknown)}")
    for name in given.scenario or SCENARIOS:
        now = solve(name)
        changes = differences(stored(name), now)
        if changes:
            store(name, now, given.because)
        print(f"{name}: {'; '.join(changes) if changes else 'unchanged'}")


main()
