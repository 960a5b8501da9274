"""Scenario files: what they unfold into, and what is said of bad ones."""

import time
from collections import Counter
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.target import ClusterRef
from eksaddon.schema import AddonSchema, packaged_schema, validate
from eksaddon.sim.addon.catalogue import RELEASES
from eksaddon.sim.addon.update_script import CANCELLED, STUCK
from eksaddon.sim.addon.values import parse
from eksaddon.sim.api.faults import Deny, Hang, Reset, Slow, Truncate
from eksaddon.sim.api.identities import Account
from eksaddon.sim.scenario.file import load_scenario, packaged_scenario, parse_scenario
from eksaddon.sim.scenario.fleet import spread, versions_of
from eksaddon.sim.scenario.scenario import Scenario, world_of
from eksaddon.values import Values, parse_values
from tests.support.paths import ROOT

EXAMPLES = sorted((ROOT / "configs/scenarios").glob("*.yaml"))
HEAD = """
version: 1
accounts:
  - {id: "111122223333", name: shop, regions: [eu-west-1, us-east-1]}
  - {id: "444455556666", name: data}
"""


def read(text: str) -> Scenario:
    return parse_scenario(HEAD + dedent(text), "fleet.yaml")


def names(scenario: Scenario) -> list[str]:
    return [str(each.cluster.ref) for each in scenario.clusters]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_is_a_world(path):
    world = world_of(load_scenario(path), lambda: 1_800_000_000.0)
    assert world.clusters()


def test_the_demo_has_one_of_everything():
    world = world_of(packaged_scenario("demo"), lambda: 1_800_000_000.0)
    clusters = world.clusters()
    assert len(clusters) == 12
    assert len({each.ref.scope for each in clusters}) == 6
    texts = {each.ref: world.document(each.ref) for each in clusters}
    assert sum(text is None for text in texts.values()) == 3
    assert any("\\r\\n" in text for text in texts.values() if text)
    assert any(text.startswith("replicaCount:") for text in texts.values() if text)
    assert [each.ref.name for each in clusters if each.auto_mode] == ["checkout"]
    assert all(each.created_at < 1_800_000_000.0 for each in clusters)


@pytest.mark.parametrize("name", ["demo", *(str(path) for path in EXAMPLES)])
def test_documents_of_the_scenarios_fit_their_schemas(name):
    scenario = packaged_scenario(name) if name == "demo" else load_scenario(Path(name))
    for each in scenario.clusters[:50]:
        for addon in each.addons:
            schema = packaged_schema(addon.version)
            assert isinstance(schema, AddonSchema)
            assert not validate(schema, parse(addon.text).keys)


def test_there_is_one_place_for_each_scenario():
    with pytest.raises(EksdnsError, match="unknown built-in scenario 'prod'") as caught:
        packaged_scenario("prod")
    assert caught.value.hint.startswith("there are: adopt, busy, demo, ")


def test_a_pattern_with_a_count_is_unfolded_in_every_account_and_region():
    scenario = read(
        "clusters: [{name: 'app-{region}-{n:02}', count: 2, account: [shop, data], region: eu-west-1}]"
    )
    assert names(scenario) == [
        "111122223333/eu-west-1/app-eu-west-1-01",
        "111122223333/eu-west-1/app-eu-west-1-02",
        "444455556666/eu-west-1/app-eu-west-1-01",
        "444455556666/eu-west-1/app-eu-west-1-02",
    ]


def test_an_account_brings_its_regions():
    assert names(read("clusters: [{name: a}]")) == ["111122223333/eu-west-1/a", "111122223333/us-east-1/a"]


def test_versions_follow_from_each_other():
    scenario = read(
        """
        clusters:
          - {name: both-unknown, region: eu-west-1}
          - {name: by-addon, region: eu-west-1, addon: v1.10.1-eksbuild.4}
          - {name: by-kubernetes, region: eu-west-1, kubernetes: "1.29"}
        """
    )
    assert [(each.cluster.kubernetes, each.addons[0].version) for each in scenario.clusters] == [
        ("1.33", "v1.12.4-eksbuild.18"),
        ("1.31", "v1.10.1-eksbuild.4"),
        ("1.29", "v1.11.1-eksbuild.4"),
    ]


def test_documents_are_written_as_asked():
    scenario = read(
        """
        documents:
          never: null
          verbatim: "{ 'a' : 1 }"
          json: {values: {replicaCount: 2}, corefile: "a\\nb\\n", newlines: crlf}
          indented: {format: json-indented, values: {replicaCount: 2}}
          yaml: {format: yaml, values: {replicaCount: 2}, corefile: "a\\nb\\n"}
          yaml-crlf: {format: yaml, corefile: "a\\nb\\n", newlines: crlf}
        clusters:
          - {name: "a1", document: never, region: eu-west-1}
          - {name: "a2", document: verbatim, region: eu-west-1}
          - {name: "a3", document: json, region: eu-west-1}
          - {name: "a4", document: indented, region: eu-west-1}
          - {name: "a5", document: yaml, region: eu-west-1}
          - {name: "a6", document: yaml-crlf, region: eu-west-1}
        """
    )
    assert [each.addons[0].text for each in scenario.clusters] == [
        None,
        "{ 'a' : 1 }",
        '{"replicaCount": 2, "corefile": "a\\r\\nb\\r\\n"}',
        '{\n  "replicaCount": 2\n}',
        "replicaCount: 2\ncorefile: |\n  a\n  b\n",
        scenario.clusters[5].addons[0].text,
    ]
    assert parse(scenario.clusters[5].addons[0].text).keys == {"corefile": "a\r\nb\r\n"}


def test_faults_name_accounts_by_name_id_or_glob():
    scenario = read(
        """
        faults:
          - {kind: slow, seconds: 2, match: {account: data}}
          - {kind: truncated, keep: 0.1, match: {account: "111122223333"}, nth: 3}
          - {kind: reset-after, match: {account: "1*"}, times: 2, each: true}
          - {kind: denied-by-scp, from: 5, until: 60, probability: 0.5}
          - {kind: hang-after}
        """
    )
    slow, truncated, reset, denied, hang = scenario.faults
    assert hang.effect == Hang(after=True)
    assert (slow.effect, slow.match.account) == (Slow(2.0), "444455556666")
    assert (truncated.effect, truncated.nth) == (Truncate(0.1), frozenset({3}))
    assert (reset.effect, reset.match.account, reset.times, reset.each) == (Reset(after=True), "1*", 2, True)
    assert (denied.effect, denied.begins, denied.ends) == (Deny(by_guardrail=True), 5.0, 60.0)


def test_outcomes_become_the_courses_of_the_next_updates():
    scenario = read(
        """
        clusters:
          - name: a
            region: eu-west-1
            outcomes:
              - {result: fails, code: AccessDenied, keeps: false, status: UPDATE_FAILED, seconds: 5}
              - {result: degrades, lasts: 30}
              - {result: cancelled}
              - {result: stuck}
              - {result: succeeds, seconds: [1, 2]}
        """
    )
    failed, degraded, cancelled, stuck, good = scenario.clusters[0].addons[0].script
    assert (failed.ends, failed.keeps, failed.status, failed.seconds) == (
        "Failed",
        False,
        "UPDATE_FAILED",
        (5, 5),
    )
    assert failed.errors[0].code == "AccessDenied"
    assert (degraded.status, degraded.lasts) == ("DEGRADED", 30)
    assert (cancelled, stuck) == (CANCELLED, STUCK)
    assert (good.ends, good.seconds) == ("Successful", (1, 2))


def test_the_oddities_of_a_cluster_arrive():
    scenario = read(
        """
        clusters:
          - name: odd
            region: eu-west-1
            addonStatus: DEGRADED
            issues: [{code: ClusterUnreachable, message: gone}]
            foreign: {replicaCount: 7}
            serviceAccountRole: arn:aws:iam::111122223333:role/dns
            liveReplicas: 4
            tags: {env: prod}
          - {name: far, region: eu-west-1, addon: none, connector: EKS_ANYWHERE}
          - {name: young, region: eu-west-1, addon: none, status: CREATING}
          - {name: local, region: eu-west-1, addon: none, outpost: "arn:aws:outposts:::o"}
        organization: {management: shop, administrators: [data], units: [/Empty]}
        throttle: {rate: 5, burst: 10}
        pace: {update: 3, statusLag: 2}
        """
    )
    world = world_of(scenario, lambda: 1_800_000_000.0)
    addon = world.addon(ClusterRef("111122223333", "eu-west-1", "odd"))
    assert addon is not None
    assert (addon.status, addon.issues[0].code, addon.foreign, addon.demand) == (
        "DEGRADED",
        "ClusterUnreachable",
        {"replicaCount": 7},
        4,
    )
    kinds = {each.ref.name: (each.connector, each.status, bool(each.outpost)) for each in world.clusters()}
    assert kinds["far"] == ("EKS_ANYWHERE", "ACTIVE", False)
    assert kinds["young"] == ("", "CREATING", False)
    assert kinds["local"] == ("", "ACTIVE", True)
    assert scenario.organization is not None
    assert scenario.organization.administrators == ("444455556666",)
    assert (scenario.pace.update, scenario.pace.lag.status) == ((3, 3), 2)


def test_a_fleet_is_spread_evenly_over_everything():
    scenario = read(
        """
        documents: {a: "{}", b: '{"replicaCount": 3}'}
        fleets:
          - {clusters: 240, accounts: 4, regions: [eu-west-1, us-east-1], versions: 5, documents: [a, b]}
        """
    )
    refs = [each.cluster.ref for each in scenario.clusters]
    assert len(set(refs)) == 240
    assert set(Counter(ref.scope for ref in refs).values()) == {30}
    assert len({ref.account for ref in refs}) == 4
    assert set(Counter(each.addons[0].version for each in scenario.clusters).values()) == {48}
    assert set(Counter(each.addons[0].text for each in scenario.clusters).values()) == {120}
    made = [each for each in scenario.accounts if each.name.startswith("fleet-")]
    assert all(set(each.roles) == {"eksdns-apply"} for each in made)


def test_two_fleets_have_accounts_of_their_own():
    scenario = read(
        """
        fleets:
          - {clusters: 4, accounts: 2, regions: [eu-west-1], name: "a-{n}"}
          - {clusters: 4, accounts: 2, regions: [eu-west-1], name: "b-{n}"}
          - clusters: 2
            accounts: [shop, data]
            regions: eu-west-1
            name: "c-{n}"
            versions: [v1.8.0-eksbuild.1]
        """
    )
    assert len({each.cluster.ref.account for each in scenario.clusters}) == 6


@given(st.integers(1, 60), st.integers(1, 5), st.integers(1, 3), st.integers(1, 4))
def test_spreading_leaves_no_place_behind(count, accounts, regions, versions):
    spots = list(
        spread(
            count,
            accounts=[Account(str(number)) for number in range(accounts)],
            regions=[f"r-{number}" for number in range(regions)],
            versions=versions_of(versions),
            documents=[None],
        )
    )
    sizes = Counter((spot.account.id, spot.region) for spot in spots)
    assert len(spots) == count
    assert len(sizes) == min(count, accounts * regions)
    assert max(sizes.values()) - min(sizes.values()) <= 1
    if count >= accounts * regions * versions:
        assert len({spot.version for spot in spots}) == versions


def test_more_versions_than_there_are_is_all_of_them():
    assert versions_of(1000) == tuple(RELEASES)


@pytest.mark.slow
def test_five_thousand_clusters_are_quick_and_small():
    scenario = read("fleets: [{clusters: 5000, accounts: 100, regions: [eu-west-1, us-east-1], versions: 8}]")
    began = time.process_time()
    world = world_of(scenario, lambda: 1_800_000_000.0)
    assert len(world.clusters()) == 5000
    assert time.process_time() - began < 2.0


ONE = "clusters: [{name: a, region: eu-west-1, "


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("clusters: [{nmae: a}]", "fleet.yaml:6:13: clusters[0].nmae: unknown key; did you mean name?"),
        ("zzz: 1", "fleet.yaml:6:1: zzz: unknown key"),
        ("clusters: [{count: 2}]", "fleet.yaml:6:12: clusters[0].name: is missing"),
        ("clusters: [{name: 7}]", "fleet.yaml:6:13: clusters[0].name: must be text: quote 7"),
        ("clusters: [a]", "fleet.yaml:6:12: clusters[0]: must be a mapping of keys and values"),
        ("seed: x", "fleet.yaml:6:1: seed: it should be a valid integer"),
        (ONE + "kubernetes: '1'}]", "clusters[0].kubernetes: '1' does not match ^1\\.[0-9]+$"),
        (
            ONE + "addon: v1}]",
            "fleet.yaml:6:41: clusters[0].addon: no known CoreDNS add-on version for v1",
        ),
        (ONE + "kubernetes: '1.99'}]", "clusters[0].kubernetes: no known CoreDNS add-on version for 1.99"),
        (ONE + "document: x}]", "clusters[0].document: unknown document 'x'; known documents: none"),
        (
            ONE + "addon: none, document: x}]",
            "clusters[0].document: a cluster without the add-on cannot have a configuration",
        ),
        (ONE + "account: x}]", "clusters[0].account: unknown account 'x'; known accounts: shop, data"),
        (ONE + "account: [shop, x]}]", "fleet.yaml:6:57: clusters[0].account[1]: unknown account 'x'"),
        (ONE + "count: 2}]", "clusters[0].name: a group of 2 clusters needs {n} in its name"),
        (
            "clusters: [{name: a, account: data}]",
            "clusters[0]: needs a `region`, since account data has no `regions`",
        ),
        ("clusters: [{name: 'a b'}]", "clusters[0].name: invalid cluster name 'a b'"),
        ("clusters: [{name: a}, {name: a}]", "clusters[1].name: duplicate cluster 111122223333/eu-west-1/a"),
        ("defaultAccount: x", "fleet.yaml:6:1: defaultAccount: unknown account 'x'"),
        (
            "organization: {management: x}",
            "fleet.yaml:6:16: organization.management: unknown account 'x'",
        ),
        ("faults: [{kind: explode}]", "faults[0].kind: must be 'throttle-429', "),
        ("faults: [{kind: hang, match: {account: x}}]", "faults[0].match.account: unknown account 'x'"),
        ("fleets: [{clusters: 3, regions: []}]", "fleets[0].regions: must not be empty"),
        (
            ("fleets: [{clusters: 3, regions: [eu-west-1], name: a}]"),
            "fleets[0].name: a group of 3 clusters needs {n}",
        ),
        (
            "fleets: [{clusters: 3, regions: [eu-west-1], versions: [v0]}]",
            "fleets[0].versions[0]: unknown CoreDNS",
        ),
        (
            "fleets: [{clusters: 3, regions: [eu-west-1], accounts: [x]}]",
            "fleets[0].accounts[0]: unknown account",
        ),
        ("pace: {update: [1]}", "pace.update: needs 2 items"),
        ("documents: {a: [1]}", "documents.a: must be text: quote [1]"),
        ("version: 1", "fleet.yaml:6:1: invalid YAML: found duplicate key"),
        ("a: b: c", "fleet.yaml:6:5: invalid YAML: mapping values are not allowed here"),
        ("a: \0", "fleet.yaml: invalid YAML"),
    ],
)
def test_errors_are_reported_with_their_position(text, told):
    with pytest.raises(EksdnsError) as caught:
        read(text)
    assert told in caught.value.message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "x.yaml:1:1: must be a mapping of keys and values"),
        ("- 1", "x.yaml:1:1: must be a mapping of keys and values"),
        (
            "version: 2\naccounts: []",
            "x.yaml:1:1: version: must be 1, not 2\nx.yaml:2:1: accounts: must not be empty",
        ),
        (
            "version: 1\naccounts: [{id: 123456789012}]",
            "accounts[0].id: must be text: quote 123456789012",
        ),
        ('version: 1\naccounts: [{id: "1"}]', "accounts[0].id: '1' does not match ^[0-9]{12}$"),
        (
            'version: 1\naccounts: [{id: "111122223333"}, {id: "111122223333"}]',
            "x.yaml:2:35: accounts[1].id: duplicate account 111122223333",
        ),
    ],
)
def test_a_file_that_is_not_a_scenario_is_refused(text, told):
    with pytest.raises(EksdnsError) as caught:
        parse_scenario(text, "x.yaml")
    assert told in caught.value.message


def test_of_many_errors_the_first_are_shown():
    with pytest.raises(EksdnsError) as caught:
        read("\n".join(["clusters:", *(["  - {nmae: a}"] * 9)]))
    assert caught.value.message.splitlines()[-1] == "fleet.yaml: and 8 more"


def test_a_file_that_does_not_exist_or_no_text_is_an_error(tmp_path):
    with pytest.raises(EksdnsError, match=r"cannot read the scenario .*: No such file"):
        load_scenario(tmp_path / "absent.yaml")
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(EksdnsError, match="is not UTF-8 text"):
        load_scenario(tmp_path / "binary.yaml")


def test_values_of_the_demo_are_read_the_same_way_by_both_parsers():
    for each in packaged_scenario("demo").clusters:
        for addon in each.addons:
            ours = parse_values(addon.text)
            assert isinstance(ours, Values)
            assert ours.tree == parse(addon.text).keys
