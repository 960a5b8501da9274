"""What plugins accept and refuse, each case once put to the real setup code."""

import pytest

from eksaddon.corefile.lint.findings import Finding, Group
from eksaddon.corefile.lint.linter import lint
from eksaddon.corefile.syntax.versions import Version
from eksaddon.domain.diagnostic import Severity
from tests.support.corefile.plugin_cases import BY_VERSION, LATEST_ACCEPTS, V1_14_7
from tests.support.corefile.plugin_refusals import LATEST_REFUSES
from tests.support.corefile.versions import coredns_version

OWN = frozenset(Group) - {Group.RESOLUTION}

REFUSED = [case.split(": ", 1) for case in LATEST_REFUSES.strip().split("\n")]
VERSIONED = [case.split(" ", 1) for case in BY_VERSION.strip().split("\n")]


def corefile(body: str) -> str:
    lines = "".join(f"{line}\n" for line in body.split("⏎"))
    return f".:1053 {{\n{lines}}}\n"


def errors(body: str, version: Version = V1_14_7) -> list[Finding]:
    found = lint(corefile(body), version=version, groups=OWN)
    return [finding for finding in found if finding.severity is Severity.ERROR]


@pytest.mark.parametrize("body", LATEST_ACCEPTS.strip().split("\n"))
def test_an_accepted_corefile_has_no_error(body: str) -> None:
    assert errors(body) == []


@pytest.mark.parametrize(("rule", "body"), REFUSED)
def test_a_rejected_corefile_has_an_error_of_the_matching_rule(rule: str, body: str) -> None:
    assert rule in {finding.rule for finding in errors(body)}


@pytest.mark.parametrize(("version", "case"), VERSIONED)
def test_the_target_version_decides(version: str, case: str) -> None:
    known = coredns_version(version)
    rule, body = case.split(": ", 1)
    found = {finding.rule for finding in errors(body, known)}
    assert rule in found if rule != "ok" else not found


@pytest.mark.parametrize(
    ("body", "marked", "summary"),
    [
        (
            "health {⏎lameduck⏎}",
            "lameduck",
            "`lameduck` needs exactly 1 argument, but has 0 arguments on its line",
        ),
        ("health {⏎lameduck 5s 6s⏎}", "6s", "`lameduck` takes exactly 1 argument, so `6s` is one too many"),
        ("loop x", "x", "`loop` takes no arguments, but has `x`"),
        ("reload 5s 5s 5s", "5s", "`reload` takes at most 2 arguments, so `5s` is one too many"),
        (
            "cache {⏎success⏎}",
            "success",
            "`success` needs at least 1 argument, but has 0 arguments on its line",
        ),
        (
            "kubernetes cluster.local {⏎kubeconfig a b c⏎}",
            "c",
            "`kubeconfig` takes 1 to 2 arguments, so `c` is one too many",
        ),
        ("bufsize 9000", "9000", "`9000` of `bufsize` must be at most 4096"),
        ("quic {⏎max_streams 0⏎}", "0", "`0` of `max_streams` must be at least 1"),
        ("cache {⏎servfail 6m⏎}", "6m", "`6m` of `servfail` must be at most 300s"),
        ("reload 1s", "1s", "`1s` of `reload` must be at least 2s"),
        (
            "health {⏎lameduck 1d⏎}",
            "1d",
            '`1d` of `lameduck` is not a duration (examples: `30s`, `1m30s`): unknown unit "d" in duration',
        ),
        ("ready x", "x", "`x` of `ready` is not a listen address: address x: missing port in address"),
        ("timeouts", "timeouts", "`timeouts` needs at least one property"),
        ("secondary", "secondary", "`secondary` needs the property `transfer`"),
        (
            "hosts {⏎fallthrough_unsupported⏎}",
            "hosts",
            "`fallthrough_unsupported` of `hosts` also needs `fallthrough`",
        ),
        ("rewrite continue", "continue", "`continue` of `rewrite` must be followed by a rule type"),
        ("shed {⏎x⏎}", "x", "`shed` takes no block"),
    ],
)
def test_an_error_says_what_where_and_how_much(body: str, marked: str, summary: str) -> None:
    first = errors(body)[0]
    assert first.diagnostic.summary == summary
    assert corefile(body)[first.start : first.end] == marked


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        ("cache {⏎prefetsh 5⏎}", "Did you mean `prefetch`?"),
        ("shed⏎log {⏎xyz⏎}", "Properties are `class`."),
        ("kubernetes cluster.local {⏎upstream⏎}", "Remove it."),
        ("file /tmp/db {⏎no_reload⏎}", "Use reload 0 instead."),
        ("reayd", "Did you mean `ready`?"),
        ("proxy . 10.0.0.1", "Use `forward` instead."),
        ("federation x", "Remove it."),
        ("{{if x}}", "This is a template placeholder; render the template first."),
        ("b.example:53 {⏎errors⏎}", "If this is a zone, close the preceding server block"),
        ("health{", "A brace must be a separate word"),
        ("zzzzzzzz", "The EKS add-on's image contains only the default plugins"),
        ("x" * 60, "The EKS add-on's image contains only the default plugins"),
        ("cache {⏎" + "x" * 60 + "⏎}", "Properties are `success`"),
        ("fanout . 10.0.0.1", "contains only the default plugins"),
    ],
)
def test_an_error_says_the_remedy(body: str, hint: str) -> None:
    assert hint in errors(body)[0].diagnostic.detail


def test_a_plugin_without_properties_in_this_version_says_so() -> None:
    found = lint(corefile("chaos {⏎x⏎}"), version=(1, 14, 7), groups=OWN)
    assert [each.rule for each in found if each.severity is Severity.ERROR] == ["unread-block"]
    described = errors("geoip /tmp/x {⏎y⏎}", (1, 9, 0))
    assert described[0].diagnostic.detail == "In this version `geoip` has no properties."


def test_in_old_times_a_secondary_could_be_transferred_to() -> None:
    assert errors("secondary {⏎transfer to *⏎}", (1, 7, 1)) == []


def test_a_regular_expression_beyond_all_limits_is_not_read() -> None:
    assert errors(f"rewrite name regex {'(' * 10_001} b") == []


def test_of_a_version_newer_than_any_that_was_read_an_unknown_directive_is_only_a_warning() -> None:
    found = [
        each for each in lint(corefile("brandnew"), version=(2, 0, 0)) if each.rule == "unknown-directive"
    ]
    assert [each.severity for each in found] == [Severity.WARNING]


def test_a_deprecated_directive_is_a_warning_with_its_replacement() -> None:
    found = {each.rule: each for each in lint(corefile("proxy . 10.0.0.1"), version=(1, 4, 0))}
    assert found["deprecated-directive"].severity is Severity.WARNING
    assert found["deprecated-directive"].diagnostic.detail == "Use `forward` instead."
    header = {each.rule: each for each in lint(corefile("header {⏎set aa⏎}"), version=(1, 9, 4))}
    assert header["deprecated-property"].diagnostic.detail == "Use `response set` instead."


@pytest.mark.parametrize(
    ("body", "rule", "marked"),
    [
        ("kubernetes cluster.local {⏎endpoint a b⏎}", "ignored-argument", "b"),
        ("template IN A {⏎upstream⏎}", "ignored-property", "upstream"),
        ("reload⏎reload", "ignored-directive", "reload"),
        ("health {⏎} errors", "after-brace", "errors"),
        ("cancel {⏎}", "unread-block", "{"),
        ("cancel {⏎5s⏎}", "stray-word", "5s"),
        ("hosts {⏎x a⏎}", "hosts-entry", "x"),
        ("hosts {⏎10.0.0.1⏎}", "hosts-entry", "10.0.0.1"),
        ("hosts { 10.0.0.1 a }", "one-line-block", "}"),
        ("kubernetes cluster.local { fallthrough }", "one-line-block", "}"),
        ("whoami⏎whoami", "ignored-directive", "whoami"),
        ("any {⏎}", "unread-block", "{"),
    ],
)
def test_misleading_text_is_a_warning(body: str, rule: str, marked: str) -> None:
    version = (1, 13, 2) if body.startswith("any") else V1_14_7
    found = [each for each in lint(corefile(body), version=version, groups=OWN) if each.rule == rule]
    assert [corefile(body)[each.start : each.end] for each in found] == [marked]
    assert [each.severity for each in found] == [Severity.WARNING]
    assert not [
        each for each in lint(corefile(body), version=version, groups=OWN) if each.severity is Severity.ERROR
    ]


def test_a_property_that_old_versions_skip_is_a_warning_there() -> None:
    found = [each for each in lint(corefile("dnstap x {⏎foo⏎}"), version=(1, 12, 4)) if each.start]
    assert ("ignored-property", Severity.WARNING) in {(each.rule, each.severity) for each in found}


def test_imported_snippets_are_judged_once_for_each_place_but_reported_once() -> None:
    text = "(s) {\n health {\n  lameduck x\n }\n}\na.org {\n import s\n}\nb.org {\n import s\n}\n"
    found = [each for each in lint(text) if each.rule == "argument-value"]
    assert [text[each.start : each.end] for each in found] == ["x"]


def test_a_dropped_block_is_not_set_up_but_its_directives_must_exist() -> None:
    found = {each.rule for each in lint("{\n health x\n nonsense\n}\na.org {\n}\n")}
    assert "unknown-directive" in found
    assert "argument-value" not in found
