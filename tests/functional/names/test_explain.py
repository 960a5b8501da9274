"""`explain` answers for a cluster that there is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.walkthrough import Shell, shell

FLEET = """
version: 1
coredns: {replicaCount: 3}
accounts:
  - {id: "111122223333", name: dev, role: eksdns-apply, regions: [eu-west-1], labels: {env: dev}}
  - {id: "333344445555", name: shop, role: eksdns-apply, regions: [eu-west-1, us-east-1], labels: {env: prod}}
overrides:
  - match: {account: shop, region: us-east-1}
    coredns: {replicaCount: 6}
  - match: {labels: {env: dev}}
    coredns: {replicaCount: 2}
"""
SCENARIO = """
version: 1
defaultAccount: dev
accounts:
  - {id: "111122223333", name: dev, regions: [eu-west-1], roles: {eksdns-apply: {}}}
  - {id: "333344445555", name: shop, regions: [eu-west-1, us-east-1], roles: {eksdns-apply: {}}}
documents: {plain: '{"replicaCount":2}'}
clusters:
  - {name: web, account: dev, region: eu-west-1, addon: v1.12.4-eksbuild.29, document: plain}
  - {name: web, account: shop, region: us-east-1, addon: v1.12.4-eksbuild.29, document: plain}
  - {name: api, account: shop, region: us-east-1, addon: v1.12.4-eksbuild.29, document: plain}
  - {name: closed, account: shop, region: eu-west-1, addon: v1.12.4-eksbuild.29}
faults:
  - {kind: denied, match: {cluster: closed}}
"""


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Shell]:
    (tmp_path / "fleet.yaml").write_text(FLEET)
    (tmp_path / "scenario.yaml").write_text(SCENARIO)
    with shell(tmp_path / "fleet.yaml", tmp_path / "scenario.yaml") as one:
        yield one


@pytest.mark.parametrize(
    ("typed", "about", "value"),
    [
        (("api",), "cluster shop/us-east-1/api in account 333344445555, labels: env=prod", 6),
        (("web", "--account", "dev"), "cluster dev/eu-west-1/web in account 111122223333", 2),
        (("shop/us-east-1/web",), "cluster shop/us-east-1/web", 6),
        (("arn:aws:eks:us-east-1:333344445555:cluster/web",), "cluster shop/us-east-1/web", 6),
        (("web", "--label", "env=dev"), "cluster dev/eu-west-1/web", 2),
    ],
)
def test_account_region_and_labels_are_those_of_the_cluster_in_aws(
    here: Shell, typed: tuple[str, ...], about: str, value: int
) -> None:
    code, text = here.type("explain", *typed)
    assert (code, about in text, f"replicaCount = {value}  " in text) == (0, True, True), text


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        (("web",), 64, "web matches 2 clusters: dev/eu-west-1/web, shop/us-east-1/web"),
        (("wbe",), 64, "did you mean web?"),
        (("shop/us-east-1/wbe",), 64, "there is no cluster shop/us-east-1/wbe"),
        (("api", "--account", "dev"), 64, "there is no cluster dev/eu-west-1/api"),
        (("api", "--account", "dve"), 64, "did you mean dev?"),
        (("w*",), 64, "invalid cluster name"),
        (("shop/eu-west-1/closed",), 1, "access-denied"),
    ],
)
def test_a_name_that_means_no_cluster_or_several_is_refused(
    here: Shell, typed: tuple[str, ...], code: int, said: str
) -> None:
    found, text = here.type("explain", *typed)
    assert (found, said in text, "replicaCount" in text) == (code, True, False), text


def test_a_cluster_of_the_file_is_not_asked_for(here: Shell) -> None:
    listed = "clusters:\n  - {name: old, account: shop, region: us-east-1, labels: {tier: gold}}\n"
    Path("eksdns.yaml").write_text(FLEET + listed)
    code, text = here.type("explain", "old")
    assert (code, "labels: env=prod, tier=gold" in text, "replicaCount = 6" in text) == (0, True, True), text
    assert not here.world.calls.counts
