"""The command line: arguments to the public API, and what comes back as files, words and exit codes."""

from __future__ import annotations

import sys


def main() -> None:
    """Run `transform-sim`."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")  # a terminal without 'é' shows '?', rather than stopping a run
        from .commands import app

        app(prog_name="transform-sim")
    except KeyboardInterrupt:
        sys.exit(130)
