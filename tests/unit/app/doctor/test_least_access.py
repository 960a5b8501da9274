"""What `doctor --print` tells is what configs/access installs."""

from typing import Any

import pytest
from ruamel.yaml import YAML

from eksaddon.app.doctor.least_access import Principal, iam_policy, role
from eksaddon.aws.small_models import EC2_OPERATIONS
from tests.support.aws.cloudformation import Stack, listed, read_template
from tests.support.paths import ROOT

ACCESS = ROOT / "configs" / "access"
ACCOUNT = "111122223333"


def grants(statements: Any) -> set[tuple[str, str]]:
    return {
        (action, resource)
        for statement in statements
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }


@pytest.mark.parametrize(("resource", "writes"), [("ReadRole", False), ("ApplyRole", True)])
def test_the_policy_is_that_of_the_member_roles(resource: str, writes: bool) -> None:
    stack = Stack(read_template(ACCESS / "members.yaml"), {"HubAccount": "444455556666"}, ACCOUNT)
    printed = iam_policy(Principal(ACCOUNT), writes=writes)["Statement"]
    assert grants(printed) == grants(stack.statements(resource))


def test_the_policy_for_audit_adds_only_reads_of_ec2() -> None:
    added = grants(iam_policy(Principal(ACCOUNT), audits=True)["Statement"]) - grants(
        iam_policy(Principal(ACCOUNT))["Statement"]
    )
    assert added == {(f"ec2:{name}", "*") for name in EC2_OPERATIONS}


def test_the_role_is_that_of_the_manifest() -> None:
    installed = list(YAML(typ="safe").load_all((ACCESS / "kubernetes.yaml").read_text()))
    assert role()["items"] == installed
