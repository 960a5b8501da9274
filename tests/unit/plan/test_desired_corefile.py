from dataclasses import replace

import pytest

from eksaddon.domain.corefile.desired import (
    NO_COREFILE,
    CorefileSetting,
    DesiredCorefile,
    DesiredServer,
    Words,
)
from eksaddon.domain.desired import Consent, CorefileSource, DesiredState, ResolveConflicts, Waiver
from eksaddon.domain.observed import Managed
from eksaddon.domain.plan import Action, Plan
from eksaddon.domain.workload import Owner, Workload
from eksaddon.plan.corefile_change import MISMATCH, REFUSED, with_desired
from eksaddon.plan.corefile_meaning import meaning_rows
from eksaddon.plan.digest import plan_digest
from eksaddon.plan.verify import contradictions
from eksaddon.values import Values, parse_values
from tests.support.planner import COREFILE, STORED, changes, managed, planned, rules, wants

CORP = DesiredServer("corp", ("corp.example.com:53",), ("10.0.0.10",), 30)
CORP_TEXT = """
# managed by eksdns: corp
corp.example.com:53 {
    errors
    cache 30
    forward . 10.0.0.10
}
"""
BLOCK = 'corefile[".:53"]'


def wanted(state: DesiredState | None = None, **more: object) -> DesiredState:
    corefile = replace(NO_COREFILE, **more)  # type: ignore[arg-type]  # fields by name
    return replace(state or wants(), corefile=corefile)


def settings(**words: Words) -> tuple[CorefileSetting, ...]:
    return tuple(CorefileSetting(path, words[path]) for path in sorted(words))


def stored_after(observed: Managed, desired: DesiredState, workload: object = None) -> str:
    plan = planned(observed, desired) if workload is None else planned(observed, desired, workload)
    assert plan.write is not None, plan.reason
    found = parse_values(plan.write.text)
    assert isinstance(found, Values)
    return str(found.tree["corefile"])


def test_settings_are_planned_by_directive() -> None:
    words: dict[str, Words] = {"forward.max_concurrent": ("1000",), "loop": False}
    desired = wanted(settings=settings(**words))
    plan = planned(managed(STORED), desired)
    assert (plan.action, plan.reason) == (Action.UPDATE, "2 changes")
    assert changes(plan) == [
        (
            f"{BLOCK}.forward",
            "forward . /etc/resolv.conf",
            "forward . /etc/resolv.conf { max_concurrent 1000 }",
        ),
        (f"{BLOCK}.loop", "loop", None),
    ]
    assert stored_after(managed(STORED), desired) == COREFILE.replace("    loop\n", "").replace(
        "resolv.conf\n", "resolv.conf {\n        max_concurrent 1000\n    }\n"
    )


def test_a_planned_corefile_is_in_sync_when_it_is_planned_again() -> None:
    desired = wanted(wants(20), settings=settings(**{"cache.ttl": ("60",)}), servers=(CORP,))
    text = stored_after(managed(STORED), desired)
    again = planned(managed({**STORED, "corefile": text}), desired)
    assert (again.action, again.changes) == (Action.IN_SYNC, ())


def test_a_lameduck_alone_keeps_its_row() -> None:
    assert changes(planned(managed(STORED), wants(20))) == [(f"{BLOCK}.health.lameduck", "5s", "20s")]
    both = wanted(wants(20), settings=settings(loop=False))
    assert [row[0] for row in changes(planned(managed(STORED), both))] == [f"{BLOCK}.health", f"{BLOCK}.loop"]


def test_servers_are_added_and_removed() -> None:
    place = 'corefile["corp.example.com.:53"]'
    plan = planned(managed(STORED), wanted(servers=(CORP,)))
    assert changes(plan) == [(place, None, "errors; cache 30; forward . 10.0.0.10")]
    assert stored_after(managed(STORED), wanted(servers=(CORP,))) == COREFILE + CORP_TEXT
    with_server = {**STORED, "corefile": COREFILE + CORP_TEXT}
    assert planned(managed(with_server), wanted(servers=(CORP,))).action is Action.IN_SYNC
    assert stored_after(managed(with_server), wanted(servers=())) == COREFILE
    assert planned(managed(with_server), wanted()).action is not Action.UPDATE
    waived = wanted(servers=(), left_alone=frozenset({"corp"}))
    assert planned(managed(with_server), waived).action is Action.IN_SYNC


def test_a_manual_server_block_blocks_with_a_remedy() -> None:
    by_hand = {**STORED, "corefile": COREFILE + "corp.example.com {\n    forward . 10.9.9.9\n}\n"}
    plan = planned(managed(by_hand), wanted(servers=(CORP,)))
    assert plan.action is Action.BLOCKED
    (finding,) = [one for one in plan.diagnostics if one.rule == MISMATCH]
    assert finding.summary == (
        "corefile.servers cannot be set safely: "
        "a server block for corp.example.com.:53 exists that eksdns did not add"
    )
    assert "# managed by eksdns: corp" in finding.detail
    assert finding.location is not None
    assert finding.location.line == 12


# a Corefile, the path of a setting, the rule, the way out
REFUSALS = [
    (". {\n cache\n}\na {\n cache\n}", "cache.ttl", MISMATCH, "name the server block by its key or number"),
    (
        "(s) {\n cache\n}\n. {\n import s\n}\na {\n import s\n}",
        '".".cache.ttl',
        MISMATCH,
        "edit it with `eksdns corefile set --in-snippet`, and use the result as corefile.text",
    ),
    (". {\n nonsense\n}", "cache.ttl", REFUSED, "error reported by CoreDNS; fix it first"),
]


@pytest.mark.parametrize(("text", "path", "rule", "hint"), REFUSALS)
def test_a_refusal_names_the_path_and_a_remedy(text: str, path: str, rule: str, hint: str) -> None:
    desired = wanted(settings=settings(**{path: ("60",)}))
    (finding,) = [
        one
        for one in planned(managed({"corefile": text}), desired).diagnostics
        if one.rule in {MISMATCH, REFUSED}
    ]
    assert finding.rule == rule
    assert finding.summary.startswith(f"corefile.settings.{path} cannot be set safely: ")
    assert finding.detail.startswith(hint)


def test_a_refusal_about_the_desired_text_is_not_about_the_cluster() -> None:
    desired = wanted(text=". {\n cache\n}\na {\n cache\n}", settings=settings(**{"cache.ttl": ("60",)}))
    assert (REFUSED, "error") in rules(planned(managed(STORED), desired))


def test_lameduck_and_a_setting_of_health_must_agree() -> None:
    desired = wanted(wants(20), settings=settings(**{"health.lameduck": ("5s",)}))
    plan = planned(managed(STORED), desired)
    assert plan.reason == "lameduck 20s contradicts a setting of health in corefile.settings"
    assert changes(planned(managed(STORED), replace(desired, lameduck=wants(5).lameduck))) == []


def test_a_lameduck_that_cannot_be_set_is_refused_before_the_settings() -> None:
    two = {"corefile": ". {\n health {\n  lameduck 5s\n }\n}\na {\n health :1 {\n  lameduck 5s\n }\n}"}
    plan = planned(managed(two), wanted(wants(20), settings=settings(loop=True)))
    assert plan.reason.startswith("lameduck 20s cannot be set safely")


def test_a_result_that_coredns_refuses_blocks() -> None:
    plan = planned(managed(STORED), wanted(settings=settings(**{"cache.ttl": ("0",)})))
    assert plan.action is Action.BLOCKED
    assert "cache" in plan.reason


def test_a_result_that_fails_queries_blocks() -> None:
    plan = planned(managed(STORED), wanted(settings=settings(forward=False)))
    assert plan.action is Action.BLOCKED


def test_a_text_with_the_same_meaning_is_left_as_it_is() -> None:
    assert planned(managed(STORED), wanted(text=COREFILE + "# comment\n")).action is Action.IN_SYNC
    plan = planned(managed(STORED), wanted(text=COREFILE.replace("loop", "loop\n    cache 30")))
    assert changes(plan) == [(f"{BLOCK}.cache", None, "cache 30")]
    assert planned(managed(), wanted(text=COREFILE)).action is Action.UPDATE


def test_settings_apply_on_top_of_the_text() -> None:
    desired = wanted(wants(20), text=COREFILE, settings=settings(loop=False), servers=(CORP,))
    text = stored_after(managed(STORED), desired)
    assert text == COREFILE.replace("5s", "20s").replace("    loop\n", "") + CORP_TEXT


def test_a_text_needs_no_known_corefile_and_settings_do() -> None:
    unknown = replace(managed(), version="v9.9.9-eksbuild.1")
    assert changes(planned(unknown, wanted(text=COREFILE)))[0] == ("corefile", None, COREFILE)
    blocked = planned(unknown, wanted(settings=settings(loop=True)))
    assert ("corefile-unknown", "error") in rules(blocked)
    assert "corefile.text" in blocked.diagnostics[0].detail


LIVE = Workload(2, 30, 0, COREFILE.replace("    loop\n", ""), corefile_owner=Owner("kubectl-edit", "Update"))


def test_a_text_does_not_replace_live_edits_without_consent() -> None:
    desired = wanted(text=COREFILE.replace("reload", "reload 10s"))
    assert ("corefile-edited", "error") in rules(planned(managed(STORED), desired, LIVE))
    kept = replace(desired, consent=Consent(CorefileSource.STORED))
    assert ("corefile-edit-lost", "warning") in rules(planned(managed(STORED), kept, LIVE))
    from_live = replace(desired, consent=Consent(CorefileSource.LIVE))
    assert ("corefile-edited", "error") in rules(planned(managed(STORED), from_live, LIVE))


def test_settings_can_start_from_the_live_corefile() -> None:
    over = replace(
        wants(), consent=Consent(CorefileSource.LIVE), resolve_conflicts=ResolveConflicts.OVERWRITE
    )
    desired = wanted(over, settings=settings(**{"cache.ttl": ("60",)}))
    assert "loop" not in stored_after(managed(STORED), desired, LIVE)


def test_a_change_of_layout_alone_shows_the_whole_text() -> None:
    desired = replace(wants(), values={"corefile": COREFILE + "\n"})
    assert changes(planned(managed(STORED), desired)) == [("corefile", COREFILE, COREFILE + "\n")]
    live = replace(LIVE, corefile="# ours\n" + COREFILE)
    desired = wanted(replace(wants(), consent=Consent(CorefileSource.LIVE)), settings=settings(loop=True))
    assert changes(planned(managed(STORED), desired, live))[0][0] == "corefile"


def test_a_saved_plan_shows_what_its_write_means() -> None:
    plan = planned(managed(STORED), wanted(wants(20), settings=settings(loop=False), servers=(CORP,)))
    saved = Plan((plan,), 0.0, plan_digest((plan,), None))
    assert list(contradictions(saved)) == []
    lied = replace(plan, changes=plan.changes[:1], reason="1 change")
    assert any("changes" in one for one in contradictions(replace(saved, clusters=(lied,))))


def test_rows_name_zones_and_empty_blocks() -> None:
    assert list(meaning_rows("a b {\n}", "b c {\n}")) == [
        ('corefile["a.:53 b.:53"] zones', "a.:53 b.:53", "b.:53 c.:53")
    ]
    assert list(meaning_rows("a {\n}", "b {\n}")) == [
        ('corefile["a.:53"]', "empty", None),
        ('corefile["b.:53"]', None, "empty"),
    ]
    assert next(meaning_rows("a {\n errors\n}", "b {\n log\n}")) == ('corefile["a.:53"]', "errors", None)
    assert list(meaning_rows("a {", "b {\n}")) == []


def test_nothing_desired_changes_nothing() -> None:
    assert with_desired(COREFILE, None, NO_COREFILE) == COREFILE
    assert DesiredCorefile().key == [None, [], None, []]
    waiver = Waiver("corefile.servers", "a", "b", "2030-01-01")
    assert waiver.covers_all("corefile.servers.corp")
    assert not waiver.covers_all("corefile")
