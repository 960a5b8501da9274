"""Where eksdns keeps files of its own on this machine."""

import os
from collections.abc import Mapping
from pathlib import Path


def default_state(environ: Mapping[str, str] = os.environ) -> str:
    """Default location of runs (source: XDG base directory specification)."""
    home = environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return str(Path(home) / "eksdns")
