"""The input of the plan for one managed add-on."""

from dataclasses import dataclass

from eksaddon.domain.cause import Trouble
from eksaddon.domain.desired import DesiredState
from eksaddon.domain.observed import Managed
from eksaddon.domain.workload import WorkloadState
from eksaddon.schema import AddonSchema

KnownSchema = AddonSchema | Trouble
"""The live schema of the installed version, or why it is missing."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that determines the plan of one cluster with the managed add-on.

    Attributes:
        strict: Warnings block.
        force: Take over Deployment fields managed by other controllers.
    """

    observed: Managed
    desired: DesiredState
    workload: WorkloadState
    schema: KnownSchema
    strict: bool = False
    force: bool = False
