from pathlib import Path
from textwrap import dedent

import pytest

from eksaddon.config.errors import ConfigError
from eksaddon.config.flags import read_flags
from eksaddon.config.fleet import FleetFile
from eksaddon.config.load import find_fleet_file, fleet_for, load_fleet, parse_fleet
from eksaddon.config.starter import STARTER
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.rollout.strategy import (
    Approval,
    Check,
    ConcurrencyMode,
    Count,
    EmptyWave,
    OnFailure,
    Percent,
    SpreadBy,
    Strategy,
    Unmatched,
    UnreachableIs,
    Wave,
)
from eksaddon.domain.rollout.window import Window
from eksaddon.domain.selection import Match
from eksaddon.domain.target import (
    Account,
    AllRegions,
    AssumedRole,
    CurrentCredentials,
    Organization,
    ProfileCredentials,
)
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
    ("version: 1\nversion: 1", "2:1: duplicate key 'version', first defined at line 1 (remove one of them)"),
]

BAD_COREDNS = [
    ("replicas: 3", "3: unknown key 'replicas' in coredns (did you mean 'replicaCount'?)"),
    ("replica_count: 3", "3: unknown key 'replica_count' in coredns (did you mean 'replicaCount'?)"),
    ("tolerations: []", "3: unknown key 'tolerations' in coredns (keys of the add-on's schema go below"),
    ('replicaCount: "3"', "17: coredns.replicaCount: '3' is not a whole number (use digits without quotes"),
    ("replicaCount: 2.5", "17: coredns.replicaCount: 2.5 is not a whole number"),
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
        "13: coredns.lameduck: invalid duration 'soon': invalid duration (use a number with a unit",
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
    ("{id: '111122223333', regions: []}", "regions is a list (use a list (example: [eu-west-1]), or all)"),
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
        "accounts[0].name: is empty (describe who or why; this is shown in plans)",
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
def test_a_bad_file_is_told_with_place_fault_and_way_out(text: str, expected: str) -> None:
    assert errors(text) == [f"f.yaml:{expected}"]


@pytest.mark.parametrize(("text", "expected"), BAD_COREDNS)
def test_a_bad_field_is_told_with_place_fault_and_way_out(text: str, expected: str) -> None:
    (error,) = errors(f"version: 1\ncoredns:\n  {text}")
    assert error.startswith("f.yaml:3:")
    assert expected in error.removeprefix("f.yaml:3:")


@pytest.mark.parametrize(("text", "expected"), BAD_ACCOUNTS)
def test_a_bad_account_is_told_with_place_fault_and_way_out(text: str, expected: str) -> None:
    found = errors(f"version: 1\naccounts:\n  - {text}")
    assert any(expected in error for error in found), found
    assert all(error.startswith("f.yaml:3:") for error in found)


@pytest.mark.parametrize(("text", "expected"), BAD_BLOCKS)
def test_a_bad_block_is_told_with_place_fault_and_way_out(text: str, expected: str) -> None:
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


def test_an_account_stands_once() -> None:
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
def test_a_known_cluster_lies_in_an_account_of_the_file(cluster: str, expected: str) -> None:
    accounts = "accounts: [{id: '111122223333', name: shop, regions: [eu-west-1]}]"
    (error,) = errors(f"version: 1\n{accounts}\nclusters: [{cluster}]")
    assert expected in error


def test_a_known_cluster_may_lie_anywhere_in_an_organization() -> None:
    found = fleet("organization: {role: x}\nclusters: [{name: a, account: other, region: us-east-1}]")
    assert found.clusters[0].account == "other"


def test_accounts_are_entered_as_the_file_says() -> None:
    found = fleet("""
        accounts:
          - {id: "111122223333"}
          - {id: "222233334444", name: b, profile: p, regions: all}
          - {id: "333344445555", role: x, externalId: e, regions: [eu-west-1, eu-west-1], labels: {env: prod}}
          - {id: "444455556666", role: ["arn:aws:iam::111122223333:role/hub", path/y], profile: p}
          - {id: "555566667777", role: "arn:aws-us-gov:iam::555566667777:role/x"}
          - {id: "666677778888", role: x, regions: [cn-north-1]}
        """)
    assert found.accounts == (
        Account("111122223333", access=CurrentCredentials()),
        Account("222233334444", "b", access=ProfileCredentials("p"), regions=AllRegions.ALL),
        Account(
            "333344445555",
            access=AssumedRole(("arn:aws:iam::333344445555:role/x",), "e"),
            regions=("eu-west-1",),
            labels=(("env", "prod"),),
        ),
        Account(
            "444455556666",
            access=AssumedRole(
                ("arn:aws:iam::111122223333:role/hub", "arn:aws:iam::444455556666:role/path/y"), profile="p"
            ),
        ),
        Account(
            "555566667777",
            partition="aws-us-gov",
            access=AssumedRole(("arn:aws-us-gov:iam::555566667777:role/x",)),
        ),
        Account(
            "666677778888",
            partition="aws-cn",
            access=AssumedRole(("arn:aws-cn:iam::666677778888:role/x",)),
            regions=("cn-north-1",),
        ),
    )


def test_an_organization_is_a_value() -> None:
    found = fleet("""
        organization:
          role: eksdns
          externalId: e
          profile: hub
          ous: [/A, ou-1]
          excludeAccounts: ["111122223333"]
          accountTags: {dns: managed}
          regions: [eu-west-1]
        """)
    assert found.organization == Organization(
        roles=("eksdns",),
        regions=("eu-west-1",),
        units=("/A", "ou-1"),
        exclude=("111122223333",),
        tags=(("dns", "managed"),),
        external_id="e",
        profile="hub",
    )


def test_a_rollout_becomes_a_strategy() -> None:
    found = fleet("""
        rollout:
          stages:
            - name: canary
              select: {labels: {env: [dev, test]}, cluster: a-*, ou: /A}
              limit: 1
              soak: 30m
              gates:
                - type: check
                  name: addon-health
                  initialDelay: 10s
                  interval: 5s
                  failureLimit: 2
                  consecutiveSuccess: 3
            - name: prod
              before: [{type: approval}]
              maxConcurrency: 5
              maxConcurrencyPerAccount: 2
              maxConcurrencyPerRegion: 1
              spreadBy: region
              failureTolerance: 5%
              onFailure: rollback-wave
          unmatched: last-wave
          emptyWave: error
          concurrencyMode: soft
          unreachable: skip
        """)
    assert found.strategy == Strategy(
        waves=(
            Wave(
                "canary",
                Match(clusters=("a-*",), labels=(("env", ("dev", "test")),), units=("/A",)),
                limit=1,
                gates=(Check("addon-health", 10, 5, 2, 3),),
                max_concurrency=Percent(10),
                failure_tolerance=Count(0),
                soak=1800,
            ),
            Wave(
                "prod",
                before=(Approval(),),
                max_concurrency=Count(5),
                per_account=2,
                per_region=1,
                spread_by=SpreadBy.REGION,
                failure_tolerance=Percent(5),
                on_failure=OnFailure.ROLLBACK_WAVE,
            ),
        ),
        unmatched=Unmatched.LAST_WAVE,
        empty_wave=EmptyWave.ERROR,
        concurrency_mode=ConcurrencyMode.SOFT,
        unreachable=UnreachableIs.SKIP,
    )


def test_every_match_of_a_file_can_be_asked_for_what_it_needs() -> None:
    found = fleet("""
        overrides: [{match: {cluster: a}, coredns: {}}]
        waivers: [{match: {ou: /A}, path: "*", owner: o, reason: r, until: 2030-01-01}]
        rollout: {waves: [{name: a, select: {labels: {env: dev}}}, {name: b}]}
        """)
    assert [match != Match() for match in found.matches] == [True, True, True, False]
    assert not list(FleetFile().matches)


def test_the_file_asked_for_wins_over_the_variable_and_the_usual_places(tmp_path: Path) -> None:
    environ = {"EKSDNS_CONFIG": "other.yaml"}
    assert find_fleet_file(None, {"EKSDNS_CONFIG": ""}, tmp_path) is None
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "eksdns.yaml").write_text(STARTER)
    assert find_fleet_file(None, {}, tmp_path) == tmp_path / "configs" / "eksdns.yaml"
    (tmp_path / "eksdns.yaml").write_text(STARTER)
    assert find_fleet_file(None, {}, tmp_path) == tmp_path / "eksdns.yaml"
    assert find_fleet_file(None, environ, tmp_path) == Path("other.yaml")
    assert find_fleet_file(Path("this.yaml"), environ, tmp_path) == Path("this.yaml")


def test_without_file_and_flags_the_way_to_a_file_is_shown(tmp_path: Path) -> None:
    with pytest.raises(EksdnsError, match="no fleet file found, and no desired state") as caught:
        fleet_for((), config=None, environ={}, folder=tmp_path)
    assert "eksdns init" in caught.value.hint
    assert caught.value.exit_code is ExitCode.USAGE


def test_flags_alone_are_enough(tmp_path: Path) -> None:
    flags = read_flags(lameduck="20s")
    assert fleet_for(flags, config=None, environ={}, folder=tmp_path) == FleetFile()


def test_a_file_that_asks_for_nothing_is_not_enough(tmp_path: Path) -> None:
    path = tmp_path / "eksdns.yaml"
    path.write_text("version: 1\naccounts: []\n")
    with pytest.raises(EksdnsError, match="defines no desired state"):
        fleet_for((), config=path, environ={}, folder=tmp_path)
    path.write_text("version: 1\noverrides: [{match: {cluster: a}, coredns: {lameduck: 3s}}]\n")
    assert fleet_for((), config=path, environ={}, folder=tmp_path) == load_fleet(path)


def test_windows_are_read_with_their_days_hours_and_zone():
    window = "{days: [mon, fri], from: '22:00', to: 04:30, timezone: Asia/Tokyo}"
    strategy = fleet(f"rollout: {{waves: [{{name: a}}], windows: [{window}]}}").strategy
    assert strategy is not None
    assert strategy.windows == (Window(frozenset({0, 4}), 1320, 270, "Asia/Tokyo"),)
    daily = fleet("rollout: {waves: [{name: a}], windows: [{from: '01:00', to: '02:00'}]}").strategy
    assert daily is not None
    assert daily.windows == (Window(frozenset(range(7)), 60, 120),)
