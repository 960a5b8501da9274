"""A valid fleet file becomes values: accounts, organization, rollout, windows."""

from pathlib import Path

import pytest

from eksaddon.config.flags import read_flags
from eksaddon.config.fleet import FleetFile
from eksaddon.config.load import find_fleet_file, fleet_for, load_fleet
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
