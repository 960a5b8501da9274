"""Tools that manage the add-on or its objects and may revert a change."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from eksaddon.frozen import dataclass


class Tool(StrEnum):
    """Names as users write them; values are published."""

    CLOUDFORMATION = "CloudFormation"
    TERRAFORM = "Terraform"
    CDK = "CDK"
    PULUMI = "Pulumi"
    EKSCTL = "eksctl"
    ACK = "ACK"
    CROSSPLANE = "Crossplane"
    ARGO_CD = "Argo CD"
    FLUX = "Flux"
    HELM = "Helm"


TOOLS: Mapping[str, Tool] = MappingProxyType({str(one).lower().replace(" ", ""): one for one in Tool})
"""Names in the fleet file, such as `terraform` and `argocd`."""

OWNER_MARKS = frozenset(
    {
        "app.kubernetes.io/instance",
        "argocd.argoproj.io/tracking-id",
        "helm.toolkit.fluxcd.io/name",
        "kustomize.toolkit.fluxcd.io/name",
        "meta.helm.sh/release-name",
    }
)
"""Annotations and labels of Kubernetes objects that are read; `rules/owners.py` says what each shows."""


class Certainty(StrEnum):
    """How well a sign proves its tool.

    `certain`: only this tool sets it. `hint`: a convention of a company, or a sign of the cluster alone.
    """

    CERTAIN = "certain"
    HINT = "hint"


class Owned(StrEnum):
    """What a tool manages."""

    ADDON = "the add-on"
    CLUSTER = "the cluster"
    OBJECTS = "CoreDNS' Kubernetes objects"


@dataclass(frozen=True, slots=True)
class ManagedBy:
    """A tool, and the sign that shows it.

    Attributes:
        sign: Such as `tag aws:cloudformation:stack-name=dns`; not escaped.
    """

    tool: Tool
    owned: Owned
    certainty: Certainty
    sign: str
