"""Which tools manage an add-on, by tags and field managers, and what a plan says about them."""

import pytest

from eksaddon.domain.audit.owner import OWNER_MARKS, TOOLS, Certainty, ManagedBy, Owned, Tool
from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.workload import ForeignField, Owner
from eksaddon.rules.owners import EMITTED, MARK_SIGNS, REVERTS, managed_by, owner_findings, remedy, sentence
from tests.support.audit_cases.clusters import DENIED, live

CERTAIN, HINT = Certainty


@pytest.mark.parametrize(
    ("key", "value", "tool", "certainty"),
    [
        ("aws:cloudformation:stack-name", "dns", Tool.CLOUDFORMATION, CERTAIN),
        ("services.k8s.aws/controller-version", "eks-v1.20.0", Tool.ACK, CERTAIN),
        ("crossplane-kind", "addon.eks.aws.m.upbound.io", Tool.CROSSPLANE, CERTAIN),
        ("pulumi:project", "dns", Tool.PULUMI, HINT),
        ("ManagedBy", "Terraform", Tool.TERRAFORM, HINT),
        ("iac", "cdk", Tool.CDK, HINT),
        ("terraform", "true", Tool.TERRAFORM, HINT),
    ],
)
def test_a_tag_of_the_addon_shows_its_tool(key: str, value: str, tool: Tool, certainty: Certainty) -> None:
    found = managed_by(((key, value),), DENIED)
    assert found == (ManagedBy(tool, Owned.ADDON, certainty, f"tag {key}={value}"),)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("terraform", "false"),
        ("managed-by", "humans"),
        ("crossplane-kind", "cluster.eks.aws.upbound.io"),
        ("x", ""),
    ],
)
def test_other_values_show_nothing(key: str, value: str) -> None:
    assert managed_by(((key, value),), DENIED) == ()


def test_tags_of_the_cluster_are_never_taken_for_the_addon() -> None:
    tags = (("aws:cloudformation:stack-name", "shop"), ("crossplane-kind", "addon.eks.aws.upbound.io"))
    found = managed_by((), DENIED, tags)
    assert [(one.tool, one.owned) for one in found] == [(Tool.CLOUDFORMATION, Owned.CLUSTER)]
    assert list(owner_findings(found)) == []


def test_field_managers_show_who_writes_the_objects_each_tool_once() -> None:
    flux, helm = Owner("kustomize-controller", "Apply"), Owner("helm", "Update")
    workload = live(
        corefile_owner=flux,
        grace_owner=flux,
        foreign=(
            ForeignField("Deployment", "spec.x", 1, helm),
            ForeignField("Deployment", "y", 1, Owner("me", "Update")),
        ),
    )
    found = managed_by((), workload)
    assert [(one.tool, one.owned) for one in found] == [
        (Tool.FLUX, Owned.OBJECTS),
        (Tool.HELM, Owned.OBJECTS),
    ]


@pytest.mark.parametrize(
    ("key", "tool", "certainty"),
    [
        ("argocd.argoproj.io/tracking-id", Tool.ARGO_CD, CERTAIN),
        ("app.kubernetes.io/instance", Tool.ARGO_CD, HINT),
        ("kustomize.toolkit.fluxcd.io/name", Tool.FLUX, CERTAIN),
        ("helm.toolkit.fluxcd.io/name", Tool.FLUX, CERTAIN),
        ("meta.helm.sh/release-name", Tool.HELM, CERTAIN),
    ],
)
def test_a_mark_of_the_deployment_shows_its_tool(key: str, tool: Tool, certainty: Certainty) -> None:
    found = managed_by((), live(marks=((key, "dns"),)))
    assert found == (ManagedBy(tool, Owned.OBJECTS, certainty, f"{key}=dns"),)


def test_the_owner_in_the_fleet_file_is_certain_and_named_once() -> None:
    found = managed_by((("iac", "terraform"),), DENIED, stated=Tool.TERRAFORM)
    assert found == (ManagedBy(Tool.TERRAFORM, Owned.ADDON, CERTAIN, "owner in the fleet file"),)
    (finding,) = owner_findings(found)
    assert finding.severity is Severity.WARNING
    assert "Terraform manages the add-on (owner in the fleet file)" in finding.summary
    assert managed_by((), DENIED, stated=Tool.FLUX)[0].owned is Owned.OBJECTS


def test_every_tool_has_a_name_in_the_fleet_file() -> None:
    assert set(TOOLS.values()) == set(Tool)
    assert TOOLS["argocd"] is Tool.ARGO_CD


def test_every_mark_that_is_read_shows_a_tool() -> None:
    assert {key for key, _, _ in MARK_SIGNS} == OWNER_MARKS


@pytest.mark.parametrize(
    ("logical_id", "tools"),
    [
        ("CoreDnsAddon7C3F09AB", [Tool.CLOUDFORMATION, Tool.CDK]),
        ("CoreDns", [Tool.CLOUDFORMATION]),
        ("7C3F09AB", [Tool.CLOUDFORMATION]),
        ("CoreDns7c3f09ab", [Tool.CLOUDFORMATION]),
    ],
)
def test_a_logical_id_with_a_hash_is_probably_of_cdk(logical_id: str, tools: list[Tool]) -> None:
    tags = (("aws:cloudformation:stack-name", "dns"), ("aws:cloudformation:logical-id", logical_id))
    found = managed_by(tags, DENIED)
    assert [one.tool for one in found] == tools
    assert [one.certainty for one in found] == [CERTAIN, HINT][: len(tools)]


def test_a_finding_says_when_it_is_reverted_and_what_to_do_instead() -> None:
    tagged = managed_by((("crossplane-kind", "addon.eks.aws.upbound.io"), ("iac", "terraform")), DENIED)
    certain, hint = owner_findings(tagged)
    assert (certain.severity, hint.severity) == (Severity.WARNING, Severity.INFO)
    assert "Crossplane manages the add-on" in certain.summary
    assert "within minutes" in certain.summary
    assert "may manage" in hint.summary
    assert "`eksdns emit terraform --cluster NAME`" in hint.detail


def test_objects_of_a_tool_are_changed_in_that_tool() -> None:
    one = ManagedBy(Tool.ARGO_CD, Owned.OBJECTS, CERTAIN, "field manager argocd-controller")
    assert remedy(one) == "make the same change in Argo CD"
    assert sentence(one) == "Argo CD manages CoreDNS' Kubernetes objects (field manager argocd-controller)"


def test_every_tool_says_when_it_reverts() -> None:
    assert set(REVERTS) == set(Tool)
    assert set(EMITTED) <= set(Tool)
