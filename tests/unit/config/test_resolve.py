from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.config.explain import Considered, explain
from eksaddon.config.findings import fleet_findings, idle_overrides
from eksaddon.config.flags import read_flags
from eksaddon.config.fleet import FleetFile, Setting
from eksaddon.config.resolve import Resolver, desired_state, merge, resolve
from eksaddon.domain.desired import Lameduck, Origin, ResolveConflicts
from eksaddon.domain.diagnostic import Location
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import Json
from eksaddon.domain.kube.readiness import NO_READINESS, Readiness
from eksaddon.domain.propagation import Propagation
from tests.support.fleets import TODAY, desired, fleet, target

BASE = """
coredns:
  replicaCount: 3
  podDisruptionBudget: {enabled: true, maxUnavailable: 1}
  lameduck: 20s
  terminationGracePeriod: 45s
  preStop: 5s
  configuration: {nodeSelector: {"a.b/c": d}}
"""


def test_the_main_block_holds_for_every_target() -> None:
    state = desired(BASE)
    assert state.values == {
        "replicaCount": 3,
        "podDisruptionBudget": {"enabled": True, "maxUnavailable": 1},
        "nodeSelector": {"a.b/c": "d"},
    }
    assert state.lameduck == Lameduck("20s", 20_000_000_000)
    assert (state.grace_seconds, state.pre_stop_seconds) == (45, 5)
    assert state.resolve_conflicts is ResolveConflicts.NONE


def test_every_leaf_knows_the_line_that_set_it() -> None:
    state = desired(
        BASE + "overrides: [{match: {cluster: prod-1}, coredns: {replicaCount: 6}}]",
        flags=read_flags(grace="60"),
    )
    assert {path: (str(origin.location), origin.layer) for path, origin in state.origins.items()} == {
        "replicaCount": ("f.yaml:10:50", "overrides[0]"),
        "podDisruptionBudget.enabled": ("f.yaml:5:25", "coredns"),
        "podDisruptionBudget.maxUnavailable": ("f.yaml:5:40", "coredns"),
        "lameduck": ("f.yaml:6:3", "coredns"),
        "terminationGracePeriod": ("flag --grace", "flag"),
        "preStop": ("f.yaml:8:3", "coredns"),
        'nodeSelector["a.b/c"]': ("f.yaml:9:34", "coredns"),
    }


def test_a_later_override_wins_over_an_earlier_one_and_flags_over_all() -> None:
    text = """
    coredns: {replicaCount: 1, lameduck: 1s}
    overrides:
      - {match: {cluster: "*"}, coredns: {replicaCount: 2, lameduck: 2s}}
      - {match: {cluster: "prod-*"}, coredns: {replicaCount: 3}}
      - {match: {cluster: "dev-*"}, coredns: {replicaCount: 4}}
    """
    assert desired(text).values == {"replicaCount": 3}
    assert desired(text, target("dev-1")).values == {"replicaCount": 4}
    assert desired(text, target("x")).values == {"replicaCount": 2}
    state = desired(text, flags=read_flags(replicas=9))
    assert state.values == {"replicaCount": 9}
    assert state.lameduck == Lameduck("2s", 2_000_000_000)


def test_a_propagation_is_known_of_a_cluster_and_nothing_that_is_written() -> None:
    text = """
    coredns: {propagation: 5s}
    overrides:
      - {match: {cluster: big}, coredns: {propagation: 14s}}
      - {match: {cluster: new}, coredns: {propagation: null}}
    waivers: [{match: {cluster: "*"}, path: "*", owner: a, reason: b, until: 2099-01-01}]
    """
    assert desired(text).propagation == Propagation(5_000_000_000, is_default=False)
    assert desired(text).is_empty
    assert desired(text, target("big")).propagation == Propagation(14_000_000_000, is_default=False)
    assert desired(text, target("new")).propagation == Propagation()
    flags = read_flags(propagation="2500ms")
    assert desired(text, flags=flags).propagation == Propagation(2_500_000_000, is_default=False)


def test_the_readiness_probe_is_merged_field_by_field() -> None:
    text = """
    coredns: {readinessProbe: {periodSeconds: 5, failureThreshold: 2}}
    overrides:
      - {match: {cluster: big}, coredns: {readinessProbe: {failureThreshold: 1, timeoutSeconds: 2}}}
      - {match: {cluster: old}, coredns: {readinessProbe: null}}
    """
    assert desired(text).readiness == Readiness(5, 2)
    assert desired(text).manages_workload
    assert desired(text).values == {}
    assert desired(text, target("big")).readiness == Readiness(5, 1, 2)
    assert desired(text, target("old")).readiness == NO_READINESS
    flags = read_flags(readiness_period="2s", readiness_failures=3, readiness_timeout="1")
    assert desired(text, flags=flags).readiness == Readiness(2, 3, 1)


@pytest.mark.parametrize("given", [{"readiness_period": "0s"}, {"readiness_failures": 0}])
def test_a_readiness_probe_without_a_time_is_refused(given: dict[str, str | int]) -> None:
    with pytest.raises(EksdnsError) as refused:
        read_flags(corefile_set=(), **given)
    assert refused.value.hint == "use 1 or more"


def test_null_removes_an_add_on_key_and_lets_go_of_any_other_field() -> None:
    text = """
    coredns: {lameduck: 20s, preStop: 5s, terminationGracePeriod: 45s, resolveConflicts: overwrite}
    overrides:
      - match: {cluster: prod-1}
        coredns:
          replicaCount: null
          podDisruptionBudget: {minAvailable: null}
          lameduck: null
          preStop: null
          terminationGracePeriod: null
          resolveConflicts: null
          configuration: {tolerations: null}
    """
    state = desired(text)
    assert state.values == {
        "replicaCount": None,
        "podDisruptionBudget": {"minAvailable": None},
        "tolerations": None,
    }
    assert (state.lameduck, state.pre_stop_seconds, state.grace_seconds) == (None, None, None)
    assert state.resolve_conflicts is ResolveConflicts.NONE


def test_no_pre_stop_is_another_value_than_none_managed() -> None:
    assert desired("coredns: {preStop: 0s}").pre_stop_seconds == 0
    assert desired("coredns: {}").is_empty


def test_targets_of_the_same_layers_share_one_state() -> None:
    found = fleet(BASE + "overrides: [{match: {cluster: 'prod-*'}, coredns: {replicaCount: 6}}]")
    resolver = Resolver(found, (), TODAY)
    states = {
        id(resolver.resolve(target(f"{kind}-{number}"))) for kind in ("prod", "dev") for number in range(99)
    }
    assert len(states) == 2
    assert resolve(found, target(), (), TODAY) == resolver.resolve(target())


WAIVED = """
coredns: {replicaCount: 3, lameduck: 20s, podDisruptionBudget: {enabled: true, maxUnavailable: 1}}
waivers:
  - {match: {cluster: prod-1}, path: PATH, owner: me, reason: because, until: 2030-06-15}
"""


@pytest.mark.parametrize(
    ("path", "values", "waived"),
    [
        (
            "replicaCount",
            {"podDisruptionBudget": {"enabled": True, "maxUnavailable": 1}},
            {"replicaCount": 3},
        ),
        (
            "podDisruptionBudget.maxUnavailable",
            {"replicaCount": 3, "podDisruptionBudget": {"enabled": True}},
            {"podDisruptionBudget.maxUnavailable": 1},
        ),
        (
            "podDisruptionBudget",
            {"replicaCount": 3},
            {"podDisruptionBudget.enabled": True, "podDisruptionBudget.maxUnavailable": 1},
        ),
    ],
)
def test_a_waiver_leaves_its_field_out_and_keeps_what_was_asked(
    path: str, values: Json, waived: Mapping[str, Json]
) -> None:
    state = desired(WAIVED.replace("PATH", path))
    assert state.values == values
    assert state.waived == waived
    assert state.lameduck is not None
    assert [each.owner for each in state.waivers] == ["me"]
    assert not set(waived) & set(state.origins)


def test_a_waiver_for_everything_leaves_nothing_but_the_conflict_mode() -> None:
    text = WAIVED.replace("PATH", '"*"').replace("lameduck: 20s", "lameduck: 20s, resolveConflicts: preserve")
    state = desired(text)
    assert state.is_empty
    assert state.waived["lameduck"] == "20s"
    assert state.resolve_conflicts is ResolveConflicts.PRESERVE


def test_a_waiver_holds_to_the_end_of_its_last_day_and_only_where_it_matches() -> None:
    found = fleet(WAIVED.replace("PATH", "replicaCount"))
    assert "replicaCount" in resolve(found, target(), (), date(2030, 6, 16)).values
    assert "replicaCount" not in resolve(found, target(), (), date(2030, 6, 15)).values
    assert "replicaCount" in resolve(found, target("prod-2"), (), TODAY).values


def test_an_expired_or_idle_waiver_is_reported() -> None:
    found = fleet(WAIVED.replace("PATH", "replicaCuont"))
    (idle,) = fleet_findings(found, TODAY)
    assert idle.rule == "waiver-idle"
    assert idle.summary == "the waiver for replicaCuont matches no desired field of this file"
    assert "replicaCount" in idle.detail
    expired, _ = fleet_findings(found, date(2030, 6, 16))
    assert (expired.rule, str(expired.location)) == ("waiver-expired", "f.yaml:5:5")
    assert "expired on 2030-06-15" in expired.summary
    assert "me (because)" in expired.detail
    assert fleet_findings(fleet(WAIVED.replace("PATH", "replicaCount")), TODAY) == ()


def test_an_override_that_matches_no_target_is_reported() -> None:
    found = fleet("""
        overrides:
          - {match: {cluster: prod-1}, coredns: {}}
          - {match: {cluster: prdo-1}, coredns: {}}
        """)
    (idle,) = idle_overrides(found, [target(), target("dev")])
    assert idle.summary == "overrides[1] matches no cluster"
    assert str(idle.location) == "f.yaml:5:5"


def test_explain_shows_winner_losers_and_waiver_of_every_field() -> None:
    found = fleet("""
        coredns: {replicaCount: 3, lameduck: 20s, podDisruptionBudget: {enabled: true}}
        overrides:
          - {match: {cluster: "prod-*"}, coredns: {replicaCount: 6}}
          - {match: {cluster: dev}, coredns: {replicaCount: 1}}
          - {match: {cluster: prod-1}, coredns: {podDisruptionBudget: null}}
        waivers: [{match: {cluster: "*"}, path: lameduck, owner: me, reason: r, until: 2031-01-01}]
        """)
    found_out = explain(found, target(), read_flags(replicas=9), TODAY)
    shown = {
        field.path: (
            field.winner.value,
            field.winner.origin.layer,
            [(overridden.path, overridden.value, overridden.origin.layer) for overridden in field.overridden],
            field.waiver.owner if field.waiver else "",
        )
        for field in found_out.fields
    }
    assert shown == {
        "lameduck": ("20s", "coredns", [], "me"),
        "podDisruptionBudget": (
            None,
            "overrides[2]",
            [("podDisruptionBudget.enabled", True, "coredns")],
            "",
        ),
        "replicaCount": (
            9,
            "flag",
            [("replicaCount", 6, "overrides[0]"), ("replicaCount", 3, "coredns")],
            "",
        ),
    }
    assert [each.matches for each in found_out.overrides] == [True, False, True]
    assert found_out.overrides[1] == Considered(
        Origin(Location("f.yaml", 6, 5), "overrides[1]"), matches=False
    )


def test_without_file_and_flags_there_is_nothing_to_explain() -> None:
    assert explain(FleetFile(), target(), (), TODAY).fields == ()


scalars = st.none() | st.booleans() | st.integers(0, 9) | st.lists(st.integers(0, 2), max_size=2)
trees: st.SearchStrategy[Json] = st.recursive(
    scalars, lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3), max_leaves=6
)
documents = st.dictionaries(st.sampled_from("abc"), trees, max_size=3)


def settings_of(document: Mapping[str, Json], layer: str) -> list[Setting]:
    def leaves(keys: tuple[str, ...], value: Json) -> list[Setting]:
        if isinstance(value, Mapping) and value:
            return [leaf for key, inner in value.items() for leaf in leaves((*keys, key), inner)]
        return [Setting(keys, value, Origin(Location(layer), layer))]

    return [leaf for key, value in document.items() for leaf in leaves((key,), value)]


def laid_over(base: Json, upper: Json) -> Json:
    """Merge as the JSON merge patch says, but keep null, since it has a meaning for what is stored."""
    if not isinstance(upper, Mapping):
        return upper
    below = base if isinstance(base, Mapping) else {}
    return {**below, **{key: laid_over(below.get(key), value) for key, value in upper.items()}}


@given(st.lists(documents, max_size=4))
def test_merging_leaves_is_merging_documents_key_by_key(layers: list[dict[str, Json]]) -> None:
    expected: Json = {}
    for layer in layers:
        expected = laid_over(expected, layer)
    found = [leaf for number, layer in enumerate(layers) for leaf in settings_of(layer, str(number))]
    state = desired_state(merge(found), ())
    assert state.values == expected
    assert set(state.origins) == {leaf.path for leaf in settings_of(state.values, "")}


def test_flags_are_the_last_layer_and_say_so() -> None:
    flags = read_flags(
        lameduck="20s",
        replicas=3,
        pdb_max_unavailable="33%",
        grace="1m",
        pre_stop="5",
        resolve_conflicts=ResolveConflicts.PRESERVE,
    )
    assert [(flag.path, flag.value, str(flag.origin.location)) for flag in flags] == [
        ("replicaCount", 3, "flag --replicas"),
        ("podDisruptionBudget.maxUnavailable", "33%", "flag --pdb-max-unavailable"),
        ("lameduck", "20s", "flag --lameduck"),
        ("terminationGracePeriod", 60, "flag --grace"),
        ("preStop", 5, "flag --pre-stop"),
        ("resolveConflicts", "preserve", "flag --resolve-conflicts"),
    ]
    assert read_flags() == ()
    assert read_flags(pdb_max_unavailable="0", pre_stop="0")[0].value == 0


@pytest.mark.parametrize(
    ("flags", "message", "hint"),
    [
        ({"lameduck": "20"}, "--lameduck: invalid duration '20': missing unit in duration", "use 20s"),
        ({"lameduck": ""}, "--lameduck: invalid duration ''", "a number with a unit"),
        ({"grace": "1.5s"}, "--grace: '1.5s' is not a whole number of seconds", "45s"),
        ({"grace": "-1"}, "--grace: negative duration '-1s'", "0s"),
        ({"pre_stop": "5.5"}, "--pre-stop: '5.5s' is not a whole number of seconds", "45s"),
        ({"pre_stop": "1d"}, "--pre-stop: invalid duration '1d'", "use 24h"),
        (
            {"pdb_max_unavailable": "some"},
            ("--pdb-max-unavailable: 'some' is not a number of pods"),
            "examples: 1, 25%",
        ),
    ],
)
def test_a_bad_flag_is_reported_with_its_remedy(flags: dict[str, str], message: str, hint: str) -> None:
    with pytest.raises(EksdnsError) as caught:
        read_flags(
            lameduck=flags.get("lameduck"),
            grace=flags.get("grace"),
            pre_stop=flags.get("pre_stop"),
            pdb_max_unavailable=flags.get("pdb_max_unavailable"),
        )
    assert caught.value.message.startswith(message)
    assert hint in caught.value.hint
    assert caught.value.exit_code is ExitCode.USAGE
