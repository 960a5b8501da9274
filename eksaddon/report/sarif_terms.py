"""What every SARIF 2.1.0 log of eksdns shares."""

from eksaddon.domain.diagnostic import Severity

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
GRAVITY = tuple(LEVELS.values())
"""The gravest first."""
