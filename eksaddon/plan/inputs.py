"""The input of the plan for one managed add-on."""

from dataclasses import field

from eksaddon.domain.cause import Trouble
from eksaddon.domain.desired import DesiredState
from eksaddon.domain.observed import Managed
from eksaddon.domain.versions.offered import NotRequested, VersionMove, VersionsSeen
from eksaddon.domain.workload import WorkloadState
from eksaddon.frozen import dataclass
from eksaddon.rules.version.choice import Choice, choose
from eksaddon.schema import AddonSchema

KnownSchema = AddonSchema | Trouble
"""The live schema of the version after the plan, or why it is missing."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that determines the plan of one cluster with the managed add-on.

    Attributes:
        strict: Warnings block.
        force: Take over Deployment fields managed by other controllers.
        versions: The versions that EKS offers.
    """

    observed: Managed
    desired: DesiredState
    workload: WorkloadState
    schema: KnownSchema
    strict: bool = False
    force: bool = False
    versions: VersionsSeen = field(default_factory=NotRequested)

    @property
    def choice(self) -> Choice:
        return version_choice(self.observed, self.desired, self.versions)

    @property
    def move(self) -> VersionMove | None:
        """The change of the add-on version; None if it stays."""
        return self.choice if isinstance(self.choice, VersionMove) else None

    @property
    def version(self) -> str:
        """The add-on version after the plan."""
        return self.move.after if self.move else self.observed.version


def version_choice(observed: Managed, desired: DesiredState, versions: VersionsSeen) -> Choice:
    return choose(desired.version, observed.version, versions, allows_downgrade=desired.consent.downgrade)
