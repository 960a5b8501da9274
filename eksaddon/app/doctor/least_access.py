"""The minimum permissions of eksdns as policies; a test compares them with configs/access."""

import json
import shlex

from eksaddon.app.fleet.fleet import Fleet
from eksaddon.app.fleet.role_override import account_as
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import Json, JsonObject
from eksaddon.domain.target import Account, AssumedRole
from eksaddon.frozen import dataclass

GROUP = "eksdns"
ANYWHERE = (
    "eks:ListClusters",
    "eks:DescribeAddonConfiguration",
    "eks:DescribeAddonVersions",
    "account:ListRegions",
)
NETWORK = (
    "ec2:DescribeVpcAttribute",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeNetworkAcls",
)
"""For `audit`, which works without them; these actions have no resources."""

ON_CLUSTERS = ("eks:DescribeCluster", "eks:ListAddons")
ON_ADDONS = ("eks:DescribeAddon",)
WRITES = ("eks:UpdateAddon",)
FOLLOWS = ("eks:DescribeUpdate", "eks:ListUpdates")
_RULES = (
    ("apps", "deployments", "coredns", ("get", "patch")),
    ("apps", "deployments", "", ("list",)),
    ("", "configmaps", "coredns", ("get",)),
    ("", "pods", "", ("list",)),
    ("", "events", "", ("list",)),
    ("policy", "poddisruptionbudgets", "", ("list",)),
    ("policy", "poddisruptionbudgets", "coredns", ("delete",)),
    ("autoscaling", "horizontalpodautoscalers", "", ("list",)),
    ("keda.sh", "scaledobjects", "", ("list",)),
)
_RBAC = "rbac.authorization.k8s.io"


@dataclass(frozen=True, slots=True)
class Principal:
    """The principal that gets access; unknown parts are placeholders in capitals."""

    account: str = "ACCOUNT"
    partition: str = "aws"
    role: str = "ROLE_ARN"
    region: str = "REGION"
    cluster: str = "CLUSTER"


def principal_of(fleet: Fleet) -> Principal:
    """The principal of the account in scope.

    Raises:
        EksdnsError: The selection has several accounts.
    """
    selection = fleet.targets.selection()
    entered = (account_as(one, fleet.targets.role) if fleet.targets.role else one for one in fleet.accounts)
    chosen = [account for account in entered if not selection.refusal(account)]
    if len(chosen) > 1:
        raise EksdnsError(
            f"{len(chosen)} accounts are in scope, but the output is for one account",
            hint="select one with --account",
            exit_code=ExitCode.USAGE,
        )
    exact = [pattern.name for pattern in selection.clusters if pattern.is_exact]
    return _principal(chosen[0] if chosen else None, exact[0] if len(exact) == 1 else "CLUSTER")


def _principal(account: Account | None, cluster: str) -> Principal:
    if account is None:
        return Principal(cluster=cluster)
    role = account.access.arns[-1] if isinstance(account.access, AssumedRole) else "ROLE_ARN"
    regions = account.regions if isinstance(account.regions, tuple) else ()
    region = regions[0] if len(regions) == 1 else "REGION"
    return Principal(account.id, account.partition, role, region, cluster)


def iam_policy(who: Principal, *, writes: bool = False, audits: bool = False) -> JsonObject:
    """The policy for `plan`.

    Args:
        writes: Adds what `apply` needs.
        audits: Adds what `audit` reads of Amazon EC2.
    """
    eks = f"arn:{who.partition}:eks:*:{who.account}"
    clusters, addons = f"{eks}:cluster/*", f"{eks}:addon/*/coredns/*"
    statements = [_allow(ANYWHERE, "*"), _allow(ON_CLUSTERS, clusters), _allow(ON_ADDONS, addons)]
    if writes:
        statements += [_allow(WRITES, addons), _allow(FOLLOWS, [clusters, addons])]
    if audits:
        statements += [_allow(NETWORK, "*")]
    return {"Version": "2012-10-17", "Statement": statements}


def _allow(actions: tuple[str, ...], resource: Json) -> Json:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource}


def role() -> JsonObject:
    """Both objects as one List for `kubectl apply -f -`."""
    metadata: JsonObject = {"name": GROUP, "namespace": "kube-system"}
    rules: list[Json] = [
        {
            "apiGroups": [group],
            "resources": [resource],
            **({"resourceNames": [name]} if name else {}),
            "verbs": list(verbs),
        }
        for group, resource, name, verbs in _RULES
    ]
    binding: JsonObject = {
        "apiVersion": f"{_RBAC}/v1",
        "kind": "RoleBinding",
        "metadata": metadata,
        "roleRef": {"apiGroup": _RBAC, "kind": "Role", "name": GROUP},
        "subjects": [{"apiGroup": _RBAC, "kind": "Group", "name": GROUP}],
    }
    role: JsonObject = {"apiVersion": f"{_RBAC}/v1", "kind": "Role", "metadata": metadata, "rules": rules}
    return {"apiVersion": "v1", "kind": "List", "items": [role, binding]}


def access_entry(who: Principal) -> str:
    """A command line for a shell."""
    arguments = ["aws", "eks", "create-access-entry", "--region", who.region, "--cluster-name", who.cluster]
    return shlex.join([*arguments, "--principal-arn", who.role, "--kubernetes-groups", GROUP]) + "\n"


def rendered(document: JsonObject) -> str:
    return json.dumps(document, indent=2) + "\n"
