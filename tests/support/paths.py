"""Where things are: the repository, and the material beside it that a clone may lack."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
