"""The reference of scenario files, from their models.

`python -m tests.support.pages.scenarios` writes it into docs/scenarios.md.
"""

from collections.abc import Mapping
from typing import Any

from eksaddon.app.simulate import scenarios
from eksaddon.sim.scenario.model import ScenarioModel
from tests.support.pages.markers import page, write
from tests.support.pages.models import Sections

PAGE, NAME, LIST = page("scenarios"), "keys", "built-in"
_TITLES = {
    "AccountModel": "`accounts`",
    "RoleModel": "`accounts.roles`",
    "OrganizationModel": "`organization`",
    "DocumentModel": "`documents`",
    "ClusterModel": "`clusters`",
    "OutcomeModel": "`clusters.outcomes` and `workload.creates`",
    "ProblemModel": "`clusters.issues`",
    "WorkloadModel": "`clusters.workload`",
    "SettingModel": "`workload.settings`",
    "BudgetModel": "`workload.budgets`",
    "ScalerModel": "`workload.scaler`",
    "PodModel": "`workload.pods`",
    "PlacementModel": "`workload.placement`",
    "DnsModel": "`workload.dns`",
    "FleetModel": "`fleets`",
    "FaultModel": "`faults`",
    "MatchModel": "`faults.match`",
    "PaceModel": "`pace`",
    "ThrottleModel": "`throttle`",
    "EksModel": "`eks`",
}
"""Where each model is used; in the order of the page."""


def reference() -> str:
    """A section for each model."""
    schema: Mapping[str, Any] = ScenarioModel.model_json_schema()
    models: Mapping[str, Any] = schema["$defs"]
    if set(models) != set(_TITLES):
        raise KeyError(f"name the sections of {sorted(set(models) ^ set(_TITLES))}")
    return Sections(_TITLES).text(schema)


def built_in() -> str:
    """A row for each packaged scenario."""
    rows = "".join(f"| `{name}` | {about} |\n" for name, about in scenarios())
    return f"| name | contents |\n|---|---|\n{rows}"


if __name__ == "__main__":
    write(PAGE, NAME, reference())
    write(PAGE, LIST, built_in())
