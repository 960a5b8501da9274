"""Common parts of SARIF 2.1.0 logs."""

from eksaddon.domain.diagnostic import Severity

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
GRAVITY = tuple(LEVELS.values())
"""Most severe first."""
