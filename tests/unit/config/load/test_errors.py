"""Every error of a fleet file has its place, the fault and the fix."""

from textwrap import dedent

import pytest

from eksaddon.config.errors import ConfigError
from eksaddon.config.load import parse_fleet
from eksaddon.domain.errors import ExitCode
from tests.support.fleets import fleet


def errors(text: str) -> list[str]:
    """Each with place, words and hint."""
    with pytest.raises(ConfigError) as caught:
        parse_fleet(dedent(text), "f.yaml")
    return [f"{each.location}: {each.summary} ({each.detail})" for each in caught.value.diagnostics]


TOP_LEVEL = (
    "accounts",
    "clusters",
    "coredns",
    "discovery",
    "organization",
    "overrides",
    "rollout",
    "unavailableRegions",
    "version",
    "waivers",
)

BAD = [
    ("coredns: {}", "1:1: missing key version (add `version: 1` at the top of the file)"),
    ("version: 2", "1:10: version: unsupported version 2 (this eksdns supports version 1)"),
    ("version: '1'", "1:10: version: unsupported version '1' (this eksdns supports version 1)"),
    ("version: true", "1:10: version: unsupported version true (this eksdns supports version 1)"),
    ("version: 1\ncorends: {}", "2:1: unknown key 'corends' (did you mean 'coredns'?)"),
    ("version: 1\nlameduck: 20s", "2:1: unknown key 'lameduck' (move lameduck below `coredns`)"),
    ("version: 1\ngrace: 20s", "2:1: unknown key 'grace' (move terminationGracePeriod below `coredns`)"),
    (
        "version: 1\nzzz: 1",
        f"2:1: unknown key 'zzz' (known keys: {', '.join(TOP_LEVEL)})",
    ),
    ("version: 1\ncoredns: [1]", "2:10: coredns: a list is not a mapping (put keys and values below it)"),
    ("version: 1\noverrides:", "2:11: overrides: has no value (remove the key, or give it a value)"),
    ("version: 1\norganization:", "2:14: organization: has no value (remove the key, or give it a value)"),
    ("- 1", "1:1: a list is not a mapping (put keys and values below it)"),
    ("hello", "1:1: 'hello' is not a mapping (put keys and values below it)"),
    ("null", "1:1: the file is empty (`eksdns init` writes a starter)"),
    ("version: 1\n? \n: 3", "2:2: a key is not text (quote it)"),
    ("version: 1\nversion: 1", "2:1: duplicate key 'version', first defined at line 1 (remove one of them)"),
]

BAD_COREDNS = [
    ("replicas: 3", "3: unknown key 'replicas' in coredns (did you mean 'replicaCount'?)"),
    ("replica_count: 3", "3: unknown key 'replica_count' in coredns (did you mean 'replicaCount'?)"),
    ("tolerations: []", "3: unknown key 'tolerations' in coredns (keys of the add-on's schema go below"),
    ('replicaCount: "3"', "17: coredns.replicaCount: '3' is not a whole number (use digits without quotes"),
    ("replicaCount: 2.5", "17: coredns.replicaCount: 2.5 is not a whole number"),
    ("replicaCount: 010", "17: 010 is 10 in YAML 1.2, and 8 in YAML 1.1 (remove the leading zero, or"),
    ("replicaCount: true", "17: coredns.replicaCount: true is not a whole number"),
    ("replicaCount: 0", "17: coredns.replicaCount: 0 is below 1"),
    ("replicaCount: 30000", "17: coredns.replicaCount: 30000 is above 1000 (check for a typo)"),
    ("lameduck: 20", "13: coredns.lameduck: missing unit in duration 20 (use 20s)"),
    ("lameduck: 1.5", "13: coredns.lameduck: missing unit in duration 1.5 (use 1.5s)"),
    (
        'lameduck: "30"',
        ("13: coredns.lameduck: invalid duration '30': missing unit in duration (use 30s)"),
    ),
    ("lameduck: 1d", "(Go durations have no days; use 24h)"),
    (
        "lameduck: soon",
        "13: coredns.lameduck: invalid duration 'soon' (use a number with a unit",
    ),
    ("lameduck: -5s", "13: coredns.lameduck: negative duration '-5s' (use 0s to disable)"),
    (
        "lameduck: [1]",
        ("13: coredns.lameduck: a list is not a duration (use a number with a unit (example: 20s))"),
    ),
    ("lameduck: true", "13: coredns.lameduck: true is not a duration"),
    ("readinessProbe: {periodSeconds: 0}", "coredns.readinessProbe.periodSeconds: "),
    ("readinessProbe: {period: 5}", "unknown key 'period'"),
    ("propagation: 10", "16: coredns.propagation: missing unit in duration 10 (use 10s)"),
    ("propagation: 0s", "16: coredns.propagation: invalid propagation 0s (use more than 0s, up to 300s)"),
    ("propagation: 10m", "16: coredns.propagation: invalid propagation 10m (use more than 0s, up to 300s)"),
    (
        "preStop: 1500ms",
        ("12: coredns.preStop: '1500ms' is not a whole number of seconds (use whole seconds"),
    ),
    (
        "terminationGracePeriod: 4.5",
        ("27: coredns.terminationGracePeriod: missing unit in duration 4.5 (use 4.5s)"),
    ),
    ("podDisruptionBudget: {maxUnavailble: 1}", "(did you mean 'maxUnavailable'?)"),
    (
        "podDisruptionBudget: {maxUnavailable: '33'}",
        "'33' is text, not a number or a percentage (use 33 or 33%)",
    ),
    (
        "podDisruptionBudget: {minAvailable: -1}",
        "-1 is not a number of pods (use a number or a percentage (examples: 1,",
    ),
    ("podDisruptionBudget: {minAvailable: true}", "true is not a number of pods"),
    ("podDisruptionBudget: {minAvailable: 200%}", "'200%' is not a number of pods"),
    (
        "podDisruptionBudget: {enabled: 'yes'}",
        "'yes' is not true or false (use true or false without quotes)",
    ),
    (
        "configuration: {lameduck: 3s}",
        "19: coredns.configuration: lameduck does not belong below `configuration` (move it one level",
    ),
    (
        "configuration: 5",
        ("18: coredns.configuration: configuration is 5, not a mapping (put keys of the add-on's schema"),
    ),
    (
        "resolveConflicts: overwrit",
        "'overwrit' is not one of none, preserve, overwrite (did you mean 'overwrite'?)",
    ),
    ("resolveConflicts: 7", "7 is not one of none, preserve, overwrite ()"),
]

BAD_ACCOUNTS = [
    ("{name: x}", "5: accounts[0]: missing key id ()"),
    (
        "{id: 11112222333}",
        "10: accounts[0].id: account 11112222333 is a number (quote it, or leading zeros",
    ),
    ("{id: '1'}", "10: accounts[0].id: invalid account ID '1' (an account ID has 12 digits)"),
    ("{account_id: '1'}", "6: unknown key 'account_id' in accounts[0] (a c7n-org accounts file is read with"),
    ("{id: '111122223333', role: a/, regions: all}", "invalid role name 'a/'"),
    ("{id: '111122223333', role: []}", "accounts[0].role: role is an empty list (remove it"),
    (
        "{id: '111122223333', role: [a, b]}",
        "role 'a' is not the last of the chain and is not an ARN (use the full ARN)",
    ),
    ("{id: '111122223333', role: 'arn:aws:iam::1:role/x'}", "invalid role ARN 'arn:aws:iam::1:role/x'"),
    (
        "{id: '111122223333', role: 'arn:aws:iam::444455556666:role/x'}",
        "the role is in account 444455556666, not in",
    ),
    (
        "{id: '111122223333', externalId: x}",
        "accounts[0]: externalId without a role (set the role, or remove",
    ),
    (
        "{id: '111122223333', regions: eu-west-1}",
        "regions is 'eu-west-1', not a list (use [eu-west-1], or all)",
    ),
    (
        "{id: '111122223333', regions: []}",
        "regions is an empty list (use a list (example: [eu-west-1]), or all)",
    ),
    (
        "{id: '111122223333', regions: [all]}",
        "invalid region 'all' (use `regions: all` for every enabled region)",
    ),
    ("{id: '111122223333', regions: [eu]}", "invalid region 'eu' (use a region name (example: eu-west-1))"),
    ("{id: '111122223333', regions: [cn-north-1, eu-west-1]}", "region eu-west-1 is not in partition aws-cn"),
    (
        "{id: '111122223333', role: 'arn:aws-cn:iam::111122223333:role/x', regions: [eu-west-1]}",
        "32: accounts[0]: region eu-west-1 is not in partition aws-cn",
    ),
    ("{id: '111122223333', labels: {n: 1}}", 'labels.n: 1 is not a label value (put it in quotes: "1")'),
    ("{id: '111122223333', labels: {n: }}", "labels.n: null is not a label value"),
    (
        ("{id: '111122223333', name: ' '}"),
        "accounts[0].name: is empty (write a value, or remove the key)",
    ),
    ("{id: '111122223333', name: 3}", "accounts[0].name: 3 is not a string (use text)"),
    ("x", "5: accounts[0]: 'x' is not a mapping"),
]

BAD_BLOCKS = [
    ("overrides: [{coredns: {}}]", "overrides[0]: missing key match (add the clusters that it applies to)"),
    ("overrides: [{match: {cluster: a}}]", "overrides[0]: missing key coredns ()"),
    (
        "overrides: [{match: {}, coredns: {}}]",
        "overrides[0].match: `match` is empty (add a criterion",
    ),
    ("overrides: [{match: {cluster: }, coredns: {}}]", "match.cluster: null is not a name or glob"),
    (
        "overrides: [{match: {cluster: []}, coredns: {}}]",
        "match.cluster: the list is empty (remove the key",
    ),
    ("overrides: [{match: {cluster: ['']}, coredns: {}}]", "match.cluster: '' is not a name or glob"),
    ("overrides: [{match: {labels: {}}, coredns: {}}]", "match.labels: is empty (remove the key"),
    ("overrides: [{match: {clusters: a}, coredns: {}}]", "(did you mean 'cluster'?)"),
    ("organization: {ous: [/a]}", "organization: missing key role"),
    (
        "organization: {role: 'arn:aws:iam::111122223333:role/x'}",
        "organization: a full ARN cannot name a role in every account (use the role name only)",
    ),
    ("clusters: [{name: a_b}, {name: a_b}]", "clusters[1]: duplicate cluster a_b, first defined at line 2"),
    ("clusters: [{name: 'a b'}]", "invalid cluster name 'a b' (EKS allows"),
    (
        "discovery: known",
        ("discovery: `discovery: known` needs a list of clusters (list them under `clusters`)"),
    ),
    (
        "waivers: [{match: {cluster: a}, path: x, owner: '', reason: r, until: 2030-02-30}]",
        "waivers[0].owner: is empty (describe who or why",
    ),
    (
        "waivers: [{match: {cluster: a}, path: x, owner: o, reason: r, until: 2030-02-30}]",
        "waivers[0].until: invalid date '2030-02-30' (use year-month-day (example: 2030-12-31))",
    ),
    (
        "waivers: [{match: {cluster: a}, path: x, owner: o, reason: r, until: 20301231}]",
        "waivers[0].until: 20301231 is not a date",
    ),
    (
        "waivers: [{match: {cluster: a}, path: x, owner: o, reason: r, until: '20301231'}]",
        "waivers[0].until: invalid date '20301231'",
    ),
    ("rollout: {}", "rollout: has no waves (list them under `waves`)"),
    ("rollout: 3", "rollout: 3 is not a mapping"),
    ("rollout: {waves: []}", "rollout.waves: is empty"),
    ("rollout: {waves: [{name: a}], stages: [{name: a}]}", "rollout: has both waves and stages"),
    (
        ("rollout: {stages: [{name: a}, {name: a}]}"),
        "rollout.stages[1]: duplicate wave a, first defined at line 2",
    ),
    ("rollout: {waves: [{name: -}]}", "invalid name '-'"),
    ("rollout: {waves: [{name: a}], windows: [{from: '25:00', to: '04:00'}]}", "invalid time of day '25:00'"),
    ("rollout: {waves: [{name: a}], windows: [{from: '22:00'}]}", "windows[0]: missing key to"),
    (
        "rollout: {waves: [{name: a}], windows: [{from: '22:00', to: '04:00', timezone: Mars/Base}]}",
        "unknown time zone 'Mars/Base'",
    ),
    ("rollout: {waves: [{name: a, limit: 0}]}", "rollout.waves[0].limit: 0 is below 1"),
    (
        ("rollout: {waves: [{name: a, soak: 30}]}"),
        "rollout.waves[0].soak: missing unit in duration 30 (use 30s)",
    ),
    ("rollout: {waves: [{name: a, maxConcurrency: 0}]}", "0 is not a number of targets above zero"),
    (
        "rollout: {waves: [{name: a, gates: [{type: chek}]}]}",
        "'chek' is not one of approval, check, probe (did you mean 'check'?)",
    ),
    (
        "rollout: {waves: [{name: a, gates: [{name: x}]}]}",
        "gates[0]: missing key type (use approval or check)",
    ),
    ("rollout: {waves: [{name: a, gates: [{type: check}]}]}", "gates[0]: missing key name"),
    (
        "rollout: {waves: [{name: a, before: [{type: approval, nam: x}]}]}",
        "unknown key 'nam' in rollout.waves[0].before[0]",
    ),
    ("rollout: {waves: [{name: a, select: }]}", "rollout.waves[0].select: has no value"),
]


@pytest.mark.parametrize(("text", "expected"), BAD)
def test_a_bad_file_is_reported_with_place_fault_and_remedy(text: str, expected: str) -> None:
    assert errors(text) == [f"f.yaml:{expected}"]


@pytest.mark.parametrize(("text", "expected"), BAD_COREDNS)
def test_a_bad_field_is_reported_with_place_fault_and_remedy(text: str, expected: str) -> None:
    (error,) = errors(f"version: 1\ncoredns:\n  {text}")
    assert error.startswith("f.yaml:3:")
    assert expected in error.removeprefix("f.yaml:3:")


@pytest.mark.parametrize(("text", "expected"), BAD_ACCOUNTS)
def test_a_bad_account_is_reported_with_place_fault_and_remedy(text: str, expected: str) -> None:
    found = errors(f"version: 1\naccounts:\n  - {text}")
    assert any(expected in error for error in found), found
    assert all(error.startswith("f.yaml:3:") for error in found)


@pytest.mark.parametrize(("text", "expected"), BAD_BLOCKS)
def test_a_bad_block_is_reported_with_place_fault_and_remedy(text: str, expected: str) -> None:
    found = errors(f"version: 1\n{text}")
    assert any(expected in error for error in found), found


def test_all_errors_of_a_file_come_at_once_and_in_its_order() -> None:
    text = """\
        version: 1
        coredns:
          lameduck: 20
          lameduck: 30s
          replicas: 3
        overrides:
          - match: {clusters: x}
        """
    assert [line.split(": ")[0] for line in errors(text)] == [
        "f.yaml:3:13",
        "f.yaml:4:3",
        "f.yaml:5:3",
        "f.yaml:7:5",
        "f.yaml:7:13",
    ]


def test_one_error_is_a_message_and_many_are_a_list() -> None:
    with pytest.raises(ConfigError) as one:
        parse_fleet("version: 1\ncoredns: {lameduck: 20}", "f.yaml")
    assert one.value.message == "f.yaml:2:21: coredns.lameduck: missing unit in duration 20"
    assert one.value.hint == "use 20s"
    with pytest.raises(ConfigError) as many:
        parse_fleet("coredns: {lameduck: 20}", "f.yaml")
    assert many.value.message == (
        "f.yaml has 2 errors\n"
        "  f.yaml:1:1: missing key version (add `version: 1` at the top of the file)\n"
        "  f.yaml:1:21: coredns.lameduck: missing unit in duration 20 (use 20s)"
    )
    assert many.value.exit_code is ExitCode.ERROR


def test_an_account_is_once() -> None:
    text = "version: 1\naccounts:\n  - {id: '111122223333'}\n  - {id: '111122223333'}\n"
    assert errors(text) == [
        ("f.yaml:4:5: accounts[1]: duplicate account 111122223333, first defined at line 3 ()")
    ]


@pytest.mark.parametrize(
    ("cluster", "expected"),
    [
        ("{name: a, account: other}", "3:31: clusters[0]: account 'other' is not listed under `accounts` ()"),
        (
            "{name: a, account: shop, region: us-east-1}",
            "region us-east-1 is not in `regions` of its account ()",
        ),
    ],
)
def test_a_known_cluster_is_in_an_account_of_the_file(cluster: str, expected: str) -> None:
    accounts = "accounts: [{id: '111122223333', name: shop, regions: [eu-west-1]}]"
    (error,) = errors(f"version: 1\n{accounts}\nclusters: [{cluster}]")
    assert expected in error


def test_a_known_cluster_may_be_anywhere_in_an_organization() -> None:
    found = fleet("organization: {role: x}\nclusters: [{name: a, account: other, region: us-east-1}]")
    assert found.clusters[0].account == "other"
