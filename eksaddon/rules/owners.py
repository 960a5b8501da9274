"""managed-by: tools that manage the add-on, by tags, marks and field managers, and when they revert changes.

Tags of the cluster say nothing about the add-on: EKS does not copy them.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from eksaddon.domain.audit.owner import Certainty, ManagedBy, Owned, Tool
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.target import Labels
from eksaddon.domain.workload import Owner, Workload, WorkloadState
from eksaddon.frozen import dataclass
from eksaddon.regex import regex

RULE = "managed-by"


@dataclass(frozen=True, slots=True)
class TagSign:
    """A tag that shows a tool.

    Attributes:
        values: Beginnings of the value; any of them is enough. Compared in lower case.
    """

    key: str
    tool: Tool
    owned: Owned
    certainty: Certainty = Certainty.CERTAIN
    values: tuple[str, ...] = ("",)


TAG_SIGNS: tuple[TagSign, ...] = (
    # source: cfn-lint 1.58.0, schema of AWS::EKS::Addon, cloudFormationSystemTags
    TagSign("aws:cloudformation:stack-name", Tool.CLOUDFORMATION, Owned.ADDON),
    # source: aws-controllers-k8s/eks-controller v1.20.0, helm/values.yaml
    TagSign("services.k8s.aws/controller-version", Tool.ACK, Owned.ADDON, values=("eks-",)),
    # source: crossplane-runtime, constants; provider-upjet-aws, config/overrides.go
    TagSign("crossplane-kind", Tool.CROSSPLANE, Owned.ADDON, values=("addon.eks.aws.",)),
    # source: eksctl 0.231, pkg/cfn/manager/api.go; eksctl tags the cluster's stack, and no add-on
    TagSign("alpha.eksctl.io/cluster-name", Tool.EKSCTL, Owned.CLUSTER),
    TagSign("eksctl.cluster.k8s.io/v1alpha1/cluster-name", Tool.EKSCTL, Owned.CLUSTER),
    TagSign("aws:cloudformation:stack-name", Tool.CLOUDFORMATION, Owned.CLUSTER),
    # source: terraform-aws-modules/terraform-aws-eks, v20.0.0 to v21.11
    TagSign("terraform-aws-modules", Tool.TERRAFORM, Owned.CLUSTER, values=("eks",)),
    TagSign("pulumi:project", Tool.PULUMI, Owned.ADDON, Certainty.HINT),
    *(
        TagSign(key, tool, Owned.ADDON, Certainty.HINT, values)
        for key in ("managed-by", "managedby", "managed_by", "iac", "provisioner")
        for tool, values in (
            (Tool.TERRAFORM, ("terraform", "opentofu", "tofu")),
            (Tool.PULUMI, ("pulumi",)),
            (Tool.CDK, ("cdk", "aws-cdk")),
            (Tool.CLOUDFORMATION, ("cloudformation",)),
        )
    ),
    TagSign("terraform", Tool.TERRAFORM, Owned.ADDON, Certainty.HINT, ("true", "yes", "1")),
)
"""Tags of conventions are hints: Terraform and Pulumi set none of their own (source: provider code)."""

MANAGERS: Mapping[str, Tool] = MappingProxyType(
    {
        "helm": Tool.HELM,
        "helm-controller": Tool.FLUX,
        "kustomize-controller": Tool.FLUX,
        "argocd-controller": Tool.ARGO_CD,
        "argocd-application-controller": Tool.ARGO_CD,
        "HashiCorp": Tool.TERRAFORM,
        "Terraform": Tool.TERRAFORM,
    }
)
"""Field managers (source: helm pkg/kube/client.go; Flux kustomization_controller.go; Argo CD common.go;
hashicorp/terraform-provider-kubernetes, defaultFieldManagerName)."""

MARK_SIGNS: tuple[tuple[str, Tool, Certainty], ...] = (
    ("argocd.argoproj.io/tracking-id", Tool.ARGO_CD, Certainty.CERTAIN),
    ("kustomize.toolkit.fluxcd.io/name", Tool.FLUX, Certainty.CERTAIN),
    ("helm.toolkit.fluxcd.io/name", Tool.FLUX, Certainty.CERTAIN),
    ("meta.helm.sh/release-name", Tool.HELM, Certainty.CERTAIN),
    ("app.kubernetes.io/instance", Tool.ARGO_CD, Certainty.HINT),
)
"""Annotations and labels of the Deployment (source: Argo CD resource tracking 2.9 and 3.3; Flux and Helm as
below). Argo CD 2 tracks by the label `instance`, which Helm charts set as well.
"""

_LOGICAL_ID = "aws:cloudformation:logical-id"
_OF_CDK = regex(r".+[0-9A-F]{8}")
"""Logical IDs of CDK end in a hash of eight digits; a template's author may write such a name as well
(source: AWS CDK developer guide, identifiers).
"""

REVERTS: Mapping[Tool, str] = MappingProxyType(
    {
        Tool.CLOUDFORMATION: "when the resource changes in its template, or with a drift-aware change set",
        Tool.TERRAFORM: "at the next apply, if it sets configuration_values",
        Tool.CDK: "when the resource changes in its template, or with `cdk deploy --revert-drift`",
        Tool.PULUMI: "at `pulumi up` after a refresh, or when its input changes",
        Tool.EKSCTL: "at `eksctl update addon -f`",
        Tool.ACK: "within hours",
        Tool.CROSSPLANE: "within minutes",
        Tool.ARGO_CD: "at its next sync",
        Tool.FLUX: "at its next reconciliation",
        Tool.HELM: "at the next `helm upgrade`",
    }
)
"""When a tool reverts a foreign change (source: each tool's resource code and its default of resyncs)."""

EMITTED: Mapping[Tool, str] = MappingProxyType(
    {
        Tool.CLOUDFORMATION: "cloudformation",
        Tool.TERRAFORM: "terraform",
        Tool.CDK: "cdk",
        Tool.PULUMI: "pulumi",
        Tool.EKSCTL: "eksctl",
        Tool.ACK: "ack",
        Tool.CROSSPLANE: "crossplane",
    }
)
"""Tools whose form of the values `eksdns emit` prints."""


def managed_by(
    addon_tags: Labels,
    workload: WorkloadState,
    cluster_tags: Labels = (),
    *,
    stated: Tool | None = None,
) -> tuple[ManagedBy, ...]:
    """Tools by their signs, those of the add-on first, each tool once for what it manages.

    Args:
        stated: The owner in the fleet file, which counts as certain.
    """
    found = (
        *_by_statement(stated),
        *_by_tags(addon_tags, Owned.ADDON),
        *_by_logical_id(addon_tags),
        *_by_managers(workload),
        *_by_marks(workload),
        *_by_tags(cluster_tags, Owned.CLUSTER),
    )
    first: dict[tuple[Tool, Owned], ManagedBy] = {}
    for one in found:
        first.setdefault((one.tool, one.owned), one)
    return tuple(first.values())


def _by_tags(tags: Labels, owned: Owned) -> Iterator[ManagedBy]:
    for sign in TAG_SIGNS:
        for key, value in tags:
            is_alike = key.lower() == sign.key and value.lower().startswith(sign.values)
            if sign.owned is owned and is_alike:
                yield ManagedBy(sign.tool, owned, sign.certainty, f"tag {key}={value}")


def _by_statement(stated: Tool | None) -> Iterator[ManagedBy]:
    if stated is not None:
        owned = Owned.ADDON if stated in EMITTED else Owned.OBJECTS
        yield ManagedBy(stated, owned, Certainty.CERTAIN, "owner in the fleet file")


def _by_logical_id(tags: Labels) -> Iterator[ManagedBy]:
    """CDK deploys by CloudFormation, whose tags say nothing about it."""
    for key, value in tags:
        if key == _LOGICAL_ID and _OF_CDK.fullmatch(value):
            yield ManagedBy(Tool.CDK, Owned.ADDON, Certainty.HINT, f"tag {key}={value}")


def _by_marks(workload: WorkloadState) -> Iterator[ManagedBy]:
    marks = dict(workload.marks) if isinstance(workload, Workload) else {}
    for key, tool, certainty in MARK_SIGNS:
        if key in marks:
            yield ManagedBy(tool, Owned.OBJECTS, certainty, f"{key}={marks[key]}")


def _by_managers(workload: WorkloadState) -> Iterator[ManagedBy]:
    if not isinstance(workload, Workload):
        return
    for owner in _owners(workload):
        tool = MANAGERS.get(owner.manager)
        if tool is not None:
            yield ManagedBy(tool, Owned.OBJECTS, Certainty.CERTAIN, f"field manager {owner.manager}")


def _owners(workload: Workload) -> Iterable[Owner]:
    named = (
        workload.corefile_owner,
        workload.replicas_owner,
        workload.grace_owner,
        workload.pre_stop_owner,
        *workload.readiness_owners,
        *(each.owner for each in workload.foreign),
    )
    return (each for each in named if each is not None)


def owner_findings(found: Iterable[ManagedBy]) -> Iterator[Diagnostic]:
    """Findings of a plan that changes something: who may revert it, when, and what to do instead."""
    for one in found:
        if one.owned is Owned.CLUSTER:
            continue
        is_certain = one.certainty is Certainty.CERTAIN
        severity = Severity.WARNING if is_certain else Severity.INFO
        summary = f"{sentence(one)}: it reverts this change {REVERTS[one.tool]}"
        yield Diagnostic(severity, RULE, summary, remedy(one))


def sentence(one: ManagedBy) -> str:
    """As `Crossplane manages the add-on (tag crossplane-kind=...)`."""
    verb = "manages" if one.certainty is Certainty.CERTAIN else "may manage"
    return f"{one.tool} {verb} {one.owned} ({one.sign})"


def remedy(one: ManagedBy) -> str:
    form = EMITTED.get(one.tool)
    if form is None or one.owned is Owned.OBJECTS:
        return f"make the same change in {one.tool}"
    return f"make the same change in {one.tool}: `eksdns emit {form} --cluster NAME` prints it"
