"""The owner in the fleet file, for tools that leave no sign."""

from pathlib import Path
from typing import get_args

import pytest

from eksaddon.config.load import parse_fleet
from eksaddon.config.model.fleet_model import CorednsModel
from eksaddon.domain.audit.owner import TOOLS
from eksaddon.domain.errors import EksdnsError

FLEET = """
version: 1
coredns: {lameduck: 20s, owner: terraform}
overrides:
  - match: {cluster: dev-1}
    coredns: {owner: null}
"""


def test_plan_and_audit_name_the_owner_and_an_override_can_take_it_back(stage):
    Path("eksdns.yaml").write_text(FLEET, encoding="utf-8")
    planned = stage.call("plan", "--cluster", "prod", "--cluster", "dev-1", "-q", "-o", "markdown")
    assert planned.out.count("Terraform manages the add-on (owner in the fleet file)") == 1
    assert "eksdns emit terraform" in planned.out
    audited = stage.call("audit", "--cluster", "prod", "-q", "-o", "json")
    assert "Terraform manages the add-on (owner in the fleet file)" in audited.out
    assert "owner in the fleet file" not in stage.call("audit", "--cluster", "dev-1", "-q", "-o", "json").out


def test_every_tool_is_a_value_of_the_key_and_no_other():
    literal, _ = get_args(CorednsModel.model_fields["owner"].annotation)
    assert set(get_args(literal)) == set(TOOLS)
    with pytest.raises(EksdnsError, match="owner"):
        parse_fleet("version: 1\ncoredns: {owner: chef}\n", "eksdns.yaml")


def test_explain_shows_where_the_owner_is_set(stage):
    Path("eksdns.yaml").write_text(FLEET, encoding="utf-8")
    assert "terraform" in stage.call("explain", "prod").out
