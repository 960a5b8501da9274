"""How lint reports queries that a Corefile fails."""

import pytest

from eksaddon.corefile import Surroundings
from eksaddon.corefile.lint.findings import Finding, Group
from eksaddon.corefile.lint.linter import POD, lint
from eksaddon.domain.diagnostic import Severity

KUBERNETES = (
    "    kubernetes cluster.local in-addr.arpa ip6.arpa {\n        fallthrough in-addr.arpa ip6.arpa\n    }\n"
)
STOCK = f".:53 {{\n{KUBERNETES}    forward . /etc/resolv.conf\n}}\n"


def found(text: str, surroundings: Surroundings = POD) -> list[Finding]:
    return list(lint(text, surroundings=surroundings, groups={Group.RESOLUTION}))


def with_line(line: str) -> str:
    return STOCK.replace("    forward", f"    {line}\n    forward")


def test_a_corefile_that_resolves_has_no_finding() -> None:
    assert found(STOCK) == []


def test_queries_that_fail_for_one_reason_are_one_finding_at_the_words_that_cause_it() -> None:
    (one,) = found(with_line("hosts {\n        10.0.0.1 git.corp\n    }"))
    assert (one.rule, one.severity) == ("hosts-fallthrough", Severity.ERROR)
    assert one.diagnostic.summary == (
        "`web.shop.svc.cluster.local`, `kubernetes.default.svc.cluster.local`, `example.com` get SERVFAIL: "
        "`hosts` without `fallthrough` answers every name of its zones"
    )
    assert str(one.diagnostic.location) == "Corefile:5:5"
    assert one.diagnostic.detail == "Add `fallthrough` to the block of `hosts`."


@pytest.mark.parametrize(
    ("text", "rule", "severity", "words"),
    [
        (with_line("hosts /my/file"), "hosts-fallthrough", Severity.WARNING, "may get SERVFAIL"),
        (with_line("template IN PTR ."), "template-catch-all", Severity.WARNING, "get no records"),
        (STOCK.replace("/etc/resolv.conf", "127.0.0.1"), "forward-loop", Severity.ERROR, "get no answer"),
        (
            STOCK.replace("/etc/resolv.conf", "10.0.0.2 127.0.0.1"),
            "forward-loop",
            Severity.WARNING,
            "may get no answer",
        ),
        (STOCK.replace(":53", ":1053"), "dns-port", Severity.ERROR, "`8.8.8.8.in-addr.arpa` get no answer"),
        (
            STOCK.replace("        fallthrough in-addr.arpa ip6.arpa\n", ""),
            "kubernetes-zone",
            Severity.WARNING,
            "gets NXDOMAIN: `kubernetes` answers every name of its zone `in-addr.arpa.`",
        ),
        (
            STOCK.replace("cluster.local in-addr.arpa ip6.arpa", "cluster.local"),
            "cluster-names-forwarded",
            Severity.WARNING,
            "`1.0.100.10.in-addr.arpa` is forwarded",
        ),
        (
            STOCK.replace("cluster.local", "k8s.local"),
            "cluster-domain",
            Severity.WARNING,
            "`kubernetes` serves `k8s.local.`, but EKS nodes search `cluster.local.` by default",
        ),
    ],
)  # fmt: skip
def test_the_severity_says_whether_the_text_decides(
    text: str, rule: str, severity: Severity, words: str
) -> None:
    (one,) = found(text)
    assert (one.rule, one.severity) == (rule, severity)
    assert words in one.diagnostic.summary


def test_one_of_several_outcomes_is_not_a_finding() -> None:
    assert found(with_line("acl {\n        block net 10.0.0.0/8\n    }")) == []
    assert found(with_line("acl {\n        allow net 10.0.0.0/8\n        block\n    }")) == []


@pytest.mark.parametrize(
    ("text", "surroundings"),
    [
        ("", POD),
        ("(snippet) {\n    errors\n}\n", POD),
        (".:53 {\n    import other\n    errors\n}\n", Surroundings()),
        (".:53 {\n    cache x y {\n        nonsense\n    }\n}\n", POD),
        (".:53 {\n    errors\n", POD),
    ],
)
def test_what_cannot_be_read_or_started_is_not_asked(text: str, surroundings: Surroundings) -> None:
    assert found(text, surroundings) == []


def test_other_groups_do_not_ask() -> None:
    assert lint(".:53 {\n    errors\n}\n", groups={Group.SYNTAX}) == ()


@pytest.mark.parametrize(
    ("zone", "severity"),
    [
        ("20.172.in-addr.arpa", Severity.INFO),
        ("100.10.in-addr.arpa", Severity.WARNING),
        ("172.in-addr.arpa", Severity.INFO),
    ],
)
def test_a_stub_zone_that_takes_the_services_of_either_range_is_found(zone: str, severity: Severity) -> None:
    (one,) = found(f"{STOCK}{zone} {{\n    forward . 10.0.0.10\n}}\n")
    assert (one.rule, one.severity) == ("cluster-names-forwarded", severity)
    other = "also in a cluster with Services in 172.20.0.0/16" in one.diagnostic.summary
    assert other is (severity is Severity.INFO)


def test_the_other_range_is_not_asked_for_where_kubernetes_serves_one_alone() -> None:
    own = STOCK.replace("in-addr.arpa ip6.arpa", "100.10.in-addr.arpa")
    assert found(f"{own}20.172.in-addr.arpa {{\n    forward . 10.0.0.10\n}}\n") == found(own)


# the key and body of a further server block, the rule, the summary
ZONES = [
    (
        "corp.local b.local {\n    forward . 127.0.0.1\n}\n",
        "forward-loop",
        "names in `corp.local`, `b.local` get no answer",
    ),
    (
        "corp.local {\n    forward . 10.100.0.10\n}\n",
        "forward-loop",
        "names in `corp.local` may get no answer",
    ),
    (
        "corp.local {\n    forward . 127.0.0.1:99\n}\n",
        "forward-unreachable",
        "names in `corp.local` may get SERVFAIL",
    ),
    ("corp.local {\n    cache 30\n}\n", "no-answer", "names in `corp.local` get SERVFAIL"),
    ("corp.local {\n}\n", "no-answer", "names in `corp.local` get REFUSED"),
]


@pytest.mark.parametrize(("block", "rule", "summary"), ZONES)
def test_a_zone_without_any_answer_is_a_warning(block: str, rule: str, summary: str) -> None:
    (one,) = found(STOCK + block)
    assert (one.rule, one.severity) == (rule, Severity.WARNING)
    assert one.diagnostic.summary.startswith(f"{summary}: ")


@pytest.mark.parametrize(
    "block",
    [
        "corp.local {\n    forward . 10.0.0.10\n}\n",
        "corp.local {\n    hosts /etc/corp\n}\n",
        "corp.local:54 {\n    forward . 127.0.0.1\n}\n",
        "corp.local:54 {\n    forward . 10.0.0.10\n}\na.corp.local {\n    forward . 127.0.0.1:54\n}\n",
    ],
)
def test_a_zone_that_may_have_an_answer_is_not_reported(block: str) -> None:
    assert found(STOCK + block) == []


def test_a_zone_is_not_reported_for_what_fails_the_queries_of_every_cluster() -> None:
    text = STOCK.replace(".:53", ".:53 corp.local").replace("/etc/resolv.conf", "127.0.0.1")
    assert [one.rule for one in found(text)].count("forward-loop") == 1
