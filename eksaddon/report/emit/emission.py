"""What is written down."""

from enum import StrEnum

from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.json import JsonObject
from eksaddon.domain.target import ClusterRef
from eksaddon.frozen import dataclass


class Form(StrEnum):
    """Tools by the name of their form."""

    TERRAFORM = "terraform"
    CLOUDFORMATION = "cloudformation"
    EKSCTL = "eksctl"
    CDK = "cdk"
    PULUMI = "pulumi"
    ACK = "ack"
    CROSSPLANE = "crossplane"
    AWSCLI = "awscli"


@dataclass(frozen=True, slots=True)
class Emission:
    """The add-on of one cluster as it should be.

    Attributes:
        version: Of the add-on.
        text: The whole configurationValues, verbatim; empty if none are set.
        tree: The same, parsed.
        left_out: Settings of the Deployment that no tool for the add-on can set, such as `preStop 5s`.
    """

    ref: ClusterRef
    version: str
    text: str
    tree: JsonObject
    resolve_conflicts: ResolveConflicts = ResolveConflicts.NONE
    left_out: tuple[str, ...] = ()

    @property
    def mode(self) -> str:
        """As the EKS API writes it."""
        return self.resolve_conflicts.value.upper()
