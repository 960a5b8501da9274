"""The reference of the fleet file, from the JSON Schema of its models.

`python -m tests.support.pages.fleet_file` writes it into docs/fleet-file.md.
"""

from collections.abc import Mapping
from typing import Any

from eksaddon.config.json_schema import config_schema
from tests.support.pages.markers import page, write
from tests.support.pages.models import Sections

PAGE, NAME = page("fleet-file"), "keys"
_TITLES = {
    "CorednsModel": "`coredns`",
    "BudgetModel": "`coredns.podDisruptionBudget`",
    "ReadinessProbeModel": "`coredns.readinessProbe`",
    "WorkloadModel": "`coredns.workload`",
    "CorefileModel": "`coredns.corefile`",
    "ServerModel": "`coredns.corefile.servers`",
    "AccountModel": "`accounts`",
    "OrganizationModel": "`organization`",
    "ClusterModel": "`clusters`",
    "OverrideModel": "`overrides`",
    "MatchModel": "`match` and `select`",
    "WaiverModel": "`waivers`",
    "RolloutModel": "`rollout`",
    "WaveModel": "`rollout.waves`",
    "ApprovalModel": "The gate `approval`",
    "CheckModel": "The gate `check`",
    "CorefileTryModel": "The gate `corefile-try`",
    "ProbeModel": "The gate `probe`",
    "WindowModel": "`rollout.windows`",
    "TimeLimitsModel": "`rollout.timeouts`",
}
"""Where each model is used; in the order of the page."""


def reference() -> str:
    """A section for each model."""
    schema: Mapping[str, Any] = config_schema()
    models: Mapping[str, Any] = schema["$defs"]
    if set(models) != set(_TITLES):
        raise KeyError(f"name the sections of {sorted(set(models) ^ set(_TITLES))}")
    return Sections(_TITLES).text(schema)


if __name__ == "__main__":
    write(PAGE, NAME, reference())
