"""The form of each tool (source: each provider's resource schema, docs/owners.md)."""

import json
import shlex
from collections.abc import Callable, Mapping
from types import MappingProxyType

from eksaddon.report.emit.emission import Emission, Form
from eksaddon.report.emit.quoting import hcl, hcl_string, yaml_text

NO_VALUES = "{}"
"""The document of an add-on without configuration; every tool takes it, and an empty text resets nothing."""


def emit(form: Form, one: Emission) -> str:
    """The whole resource, or command, with a final line feed."""
    sign = "//" if form in {Form.CDK, Form.PULUMI} else "#"
    notes = [f"{sign} {line}\n" for line in _notes(one)]
    return "".join(notes) + FORMS[form](one)


def _notes(one: Emission) -> list[str]:
    found = [f"CoreDNS add-on of {one.ref.account}/{one.ref.region}/{one.ref.name}"]
    if one.left_out:
        found.append(
            f"not part of the add-on, `eksdns apply` sets it in the Deployment: {', '.join(one.left_out)}"
        )
    return found


def _terraform(one: Emission) -> str:
    """jsonencode, since a byte more or less in a text is a change for the provider."""
    return (
        'resource "aws_eks_addon" "coredns" {\n'
        f"  cluster_name                = {hcl_string(one.ref.name)}\n"
        '  addon_name                  = "coredns"\n'
        f"  addon_version               = {hcl_string(one.version)}\n"
        f"  resolve_conflicts_on_update = {hcl_string(one.mode)}\n"
        f"  configuration_values = jsonencode({hcl(one.tree, 1)})\n"
        "}\n"
    )


def _cloudformation(one: Emission) -> str:
    """No Fn::Sub: it would replace `${...}` in a Corefile."""
    return (
        "Resources:\n"
        "  CoreDnsAddon:\n"
        "    Type: AWS::EKS::Addon\n"
        "    Properties:\n"
        f"      ClusterName: {_quoted(one.ref.name)}\n"
        "      AddonName: coredns\n"
        f"      AddonVersion: {_quoted(one.version)}\n"
        f"      ResolveConflicts: {one.mode}\n"
        f"      ConfigurationValues: {yaml_text(_text(one), 3)}\n"
    )


def _eksctl(one: Emission) -> str:
    return (
        "apiVersion: eksctl.io/v1alpha5\n"
        "kind: ClusterConfig\n"
        "metadata:\n"
        f"  name: {_quoted(one.ref.name)}\n"
        f"  region: {_quoted(one.ref.region)}\n"
        "addons:\n"
        "  - name: coredns\n"
        f"    version: {_quoted(one.version)}\n"
        f"    resolveConflicts: {one.resolve_conflicts.value}\n"
        f"    configurationValues: {yaml_text(_text(one), 2)}\n"
    )


def _cdk(one: Emission) -> str:
    return (
        "new eks.CfnAddon(this, 'CoreDns', {\n"
        f"  clusterName: {_quoted(one.ref.name)},\n"
        "  addonName: 'coredns',\n"
        f"  addonVersion: {_quoted(one.version)},\n"
        f"  resolveConflicts: '{one.mode}',\n"
        f"  configurationValues: JSON.stringify({_script(one)}),\n"
        "});\n"
    )


def _pulumi(one: Emission) -> str:
    return (
        'new aws.eks.Addon("coredns", {\n'
        f"  clusterName: {_quoted(one.ref.name)},\n"
        '  addonName: "coredns",\n'
        f"  addonVersion: {_quoted(one.version)},\n"
        f'  resolveConflictsOnUpdate: "{one.mode}",\n'
        f"  configurationValues: JSON.stringify({_script(one)}),\n"
        "});\n"
    )


def _ack(one: Emission) -> str:
    return (
        "apiVersion: eks.services.k8s.aws/v1alpha1\n"
        "kind: Addon\n"
        "metadata:\n"
        f"  name: {_quoted(_object_name(one))}\n"
        "spec:\n"
        "  name: coredns\n"
        f"  clusterName: {_quoted(one.ref.name)}\n"
        f"  addonVersion: {_quoted(one.version)}\n"
        f"  resolveConflicts: {one.mode}\n"
        f"  configurationValues: {yaml_text(_text(one), 1)}\n"
    )


def _crossplane(one: Emission) -> str:
    return (
        "apiVersion: eks.aws.upbound.io/v1beta1\n"
        "kind: Addon\n"
        "metadata:\n"
        f"  name: {_quoted(_object_name(one))}\n"
        "spec:\n"
        "  forProvider:\n"
        f"    region: {_quoted(one.ref.region)}\n"
        f"    clusterName: {_quoted(one.ref.name)}\n"
        "    addonName: coredns\n"
        f"    addonVersion: {_quoted(one.version)}\n"
        f"    resolveConflictsOnUpdate: {one.mode}\n"
        f"    configurationValues: {yaml_text(_text(one), 2)}\n"
    )


def _awscli(one: Emission) -> str:
    """Without a version: EKS refuses an installed one that it no longer offers."""
    return (
        f"aws eks update-addon --region {shlex.quote(one.ref.region)} --cluster-name "
        f"{shlex.quote(one.ref.name)} --addon-name coredns \\\n"
        f"  --resolve-conflicts {one.mode} \\\n"
        f"  --configuration-values {shlex.quote(_text(one))}\n"
    )


def _text(one: Emission) -> str:
    return one.text if one.text.strip() else NO_VALUES


def _quoted(text: str) -> str:
    """A string of JSON, which is one of YAML and JavaScript too."""
    return json.dumps(text)


def _script(one: Emission) -> str:
    """An object literal, indented like its place."""
    return json.dumps(one.tree, indent=2).replace("\n", "\n  ")


def _object_name(one: Emission) -> str:
    """A name of a Kubernetes object: lower case, digits and dashes."""
    return f"{one.ref.name.lower().replace('_', '-')}-coredns"


FORMS: Mapping[Form, Callable[[Emission], str]] = MappingProxyType(
    {
        Form.TERRAFORM: _terraform,
        Form.CLOUDFORMATION: _cloudformation,
        Form.EKSCTL: _eksctl,
        Form.CDK: _cdk,
        Form.PULUMI: _pulumi,
        Form.ACK: _ack,
        Form.CROSSPLANE: _crossplane,
        Form.AWSCLI: _awscli,
    }
)
