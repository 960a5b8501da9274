"""All that the plan for one managed add-on depends on."""

from dataclasses import dataclass

from eksaddon.domain.cause import Trouble
from eksaddon.domain.desired import DesiredState
from eksaddon.domain.observed import Managed
from eksaddon.domain.workload import WorkloadState
from eksaddon.schema import AddonSchema

KnownSchema = AddonSchema | Trouble
"""The live schema of the installed version, or why there is none."""


@dataclass(frozen=True, slots=True)
class Situation:
    """One of them.

    Attributes:
        strict: Warnings about the termination budget block.
        force: Fields of the Deployment are taken from whoever owns them.
    """

    observed: Managed
    desired: DesiredState
    workload: WorkloadState
    schema: KnownSchema
    strict: bool = False
    force: bool = False
