"""What lint says beside the setup of plugins."""

import cProfile
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.corefile import NoFiles, Surroundings, decode
from eksaddon.corefile.lint.findings import RULES, Finding, Group
from eksaddon.corefile.lint.linter import POD, lint
from eksaddon.corefile.lint.render import plain, render
from eksaddon.domain.diagnostic import Location, Severity
from tests.support.corefile.memory_files import MemoryFiles

EKS = """.:53 {
    errors
    health {
        lameduck 5s
      }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
      pods insecure
      fallthrough in-addr.arpa ip6.arpa
    }
    prometheus :9153
    forward . /etc/resolv.conf
    cache 30
    loop
    reload
    loadbalance
}
"""
OWN = frozenset(Group) - {Group.EKS, Group.RESOLUTION}


def own(text: str) -> list[Finding]:
    """All but what EKS needs."""
    return list(lint(text, groups=OWN))


def rules(text: str) -> list[str]:
    return [finding.rule for finding in own(text)]


def test_the_corefile_that_eks_ships_has_no_finding_in_any_version_that_eks_ships() -> None:
    for version in [(1, 8, 0), (1, 9, 3), (1, 10, 1), (1, 11, 4), (1, 12, 4), (1, 13, 2), (1, 14, 3)]:
        assert lint(EKS, version=version) == ()


@pytest.mark.parametrize(
    ("text", "rule", "marked", "severity"),
    [
        (". { errors }\n", "syntax", "}", Severity.ERROR),
        (". {\n errors\n", "syntax", "errors", Severity.ERROR),
        (". {\n import nothing.conf\n}\n", "import-not-found", "nothing.conf", Severity.ERROR),
        ("a , b {\n}\n", "zone-key", ",", Severity.ERROR),
        ("a..b {\n}\n", "zone-key", "a..b", Severity.ERROR),
        (".: {\n}\n", "zone-key", ".:", Severity.ERROR),
        ("a.org {\n}\nA.ORG:53 {\n}\n", "duplicate-zone", "A.ORG:53", Severity.ERROR),
        ('. {\n errors "stdout\n}\n', "unterminated-quote", '"', Severity.WARNING),
        ('. {\n errors "a\\"', "unterminated-quote", '"', Severity.WARNING),
        (". {\n err\rors\n}\n", "lone-cr", "\r", Severity.WARNING),
        (". {\n log a\u200bb\n}\n", "odd-character", "a\u200bb", Severity.WARNING),
        (". {\n log “a”\n}\n", "odd-character", "“a”", Severity.WARNING),
        (". {\n cache 30s\n}\n", "cache-zone", "30s", Severity.WARNING),
        (". {\n cache 1500ms\n}\n", "cache-zone", "1500ms", Severity.WARNING),
        (". {\n cache 30 3600\n}\n", "cache-zone", "3600", Severity.WARNING),
        (". {\n cache 30 1h\n}\n", "cache-zone", "1h", Severity.WARNING),
        (". {\n cache 99999999999999999999\n}\n", "cache-zone", "99999999999999999999", Severity.WARNING),
        (". {\n cache 0.5\n}\n", "cache-zone", "0.5", Severity.WARNING),
        (". {\n errors#c stdout\n}\n", "glued-comment", "#c", Severity.WARNING),
        (". {#keep this\n errors\n}\n", "glued-comment", "#keep", Severity.WARNING),
        (". {\n forward . tls://9.9.9.9#dns\n}\n", "glued-comment", "#dns", Severity.WARNING),
        (". {\n errors#c\n}\n", "glued-comment", "#c", Severity.INFO),
        (". # main {\n errors\n}\n", "brace-in-comment", ".", Severity.WARNING),
        (". {\n}\n}\n", "stray-brace", "}", Severity.WARNING),
        (". {\n health {\n  lameduck 5s\n }\n", "missing-brace", "{", Severity.WARNING),
        ("a.org:1053{\n errors\n}\n", "zone-brace", "a.org:1053{", Severity.WARNING),
        ("a.org} {\n}\n", "zone-brace", "a.org}", Severity.WARNING),
        ("a.org:abc {\n}\n", "zone-port", "a.org:abc", Severity.WARNING),
        ("foo://a.org {\n}\n", "zone-scheme", "foo://a.org", Severity.WARNING),
        ("a.org,b.org {\n}\n", "zone-comma", "a.org,b.org", Severity.WARNING),
        ('"" {\n errors\n}\n', "dropped-block", "{", Severity.WARNING),
        (". {\n bind __PILLAR__\n}\n", "placeholder", "__PILLAR__", Severity.WARNING),
        (". {\n bind $LOCAL\n}\n", "placeholder", "$LOCAL", Severity.WARNING),
        ("{{.Zone}} {\n errors\n}\n", "placeholder", "{{.Zone}}", Severity.WARNING),
        (". {\n log {$ZONE}\n}\n", "unset-variable", "{$ZONE}", Severity.WARNING),
        (". {\n log {%ZONE:x%}\n}\n", "unset-variable", "{%ZONE:x%}", Severity.WARNING),
        (". {\n health {\n  lameduck 0s\n }\n}\n", "lameduck-off", "0s", Severity.WARNING),
        (". {\n health {\n  lameduck -5s\n }\n}\n", "lameduck-off", "-5s", Severity.WARNING),
        (". {\n health\n health :8081\n}\n", "repeated-health", "health", Severity.WARNING),
    ],
)
def test_each_rule_marks_its_place(text: str, rule: str, marked: str, severity: Severity) -> None:
    found = [finding for finding in own(text) if finding.rule == rule]
    assert [text[finding.start : finding.end] for finding in found] == [marked]
    assert [finding.severity for finding in found] == [severity]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\ufeff",
        "# only a comment\n",
        ". {#keep\n errors\n}#end\n",
        '. {\n log "a#b"\n}\n',
        '. {\n log "a\\\\"\n}\n',
        '. {\n log "a"',
        '. {\n template IN A {\n  answer "{{ .Name }} 60 IN A 1.2.3.4"\n }\n}\n',
        ". {\n cache 3600\n cache{$X}\n}\n".replace(" cache{$X}\n", ""),
        ". {\n cache 30 2.0.192.in-addr.arpa example.org\n}\n",
        ". {\n cache 9x.example\n}\n",
        ". {\n log {$KUBERNETES_SERVICE_HOST}\n}\n",
        "10.0.0.0/24 2001:db8::/32 {\n errors\n}\n",
        ". # nothing opened here\nerrors\n}\n",
        "a.org {\n health {\n  lameduck 5s\n }\n}\nb.org {\n errors\n}\n",
        "(s) {\n nonsense here\n}\n",
        ". {\r\n errors\r\n}\r\n",
    ],
)
def test_intended_values_have_no_separate_finding(text: str) -> None:
    assert rules(text) == [] or text == '. {\n log "a"'


def test_the_words_of_the_parser_are_coredns_own() -> None:
    found = own("a.org {\n errors\n}\nb.org { log }\n")
    assert found[0].diagnostic.summary == (
        "CoreDNS reports: Corefile:4 - Error during parsing: Unexpected '}' because no matching opening brace"
    )
    assert found[0].diagnostic.location == Location("Corefile", 4, 13)
    assert "Split a block" in found[0].diagnostic.detail


def test_a_text_too_large_to_be_a_corefile_is_an_error_at_once() -> None:
    found = own("#" * 5_000_000)
    assert [finding.rule for finding in found] == ["syntax"]
    assert "characters, more than" in found[0].diagnostic.summary


def test_lameducks_of_several_server_blocks_are_added_up() -> None:
    block = " {\n health {\n  lameduck 5s\n }\n}\n"
    text = "".join(zone + block for zone in ("a.org", "b.org", "c.org"))
    found = [finding for finding in own(text) if finding.rule == "lameduck-sum"]
    assert len(found) == 2
    assert "3 server blocks one after another: 15s in total" in found[0].diagnostic.summary


def test_a_refused_health_is_not_judged_by_its_lameduck() -> None:
    assert rules(". {\n health {\n  lameduck x\n }\n}\n") == ["argument-value"]


def test_a_variable_that_is_set_is_not_reported() -> None:
    text = ". {\n log {$ZONE}\n}\n"
    assert lint(text, surroundings=Surroundings(environment={"ZONE": "a."}), groups=OWN) == ()


def test_a_default_behind_a_colon_is_explained() -> None:
    found = own("{$ZONE:a.org} {\n errors\n}\n")
    assert "CoreDNS does not support default values" in found[0].diagnostic.detail


def test_findings_in_imported_files_are_shown_at_the_import() -> None:
    files = MemoryFiles({"/etc/coredns/more.conf": "health {\n lameduck x\n}\n"})
    text = ". {\n import more.conf\n}\n"
    found = lint(text, surroundings=Surroundings(folder="/etc/coredns", files=files), groups=OWN)
    assert [text[finding.start : finding.end] for finding in found] == ["more.conf"]
    assert "(in /etc/coredns/more.conf, line 2)" in found[0].diagnostic.summary


def test_unseen_imports_keep_lint_from_missing_what_they_may_hold() -> None:
    text = ". {\n import more.conf\n}\n"
    assert lint(text, surroundings=Surroundings(files=None)) == ()


@pytest.mark.parametrize(
    ("change", "rule", "marked"),
    [
        (("    ready\n", ""), "eks-ready", ".:53"),
        (("    ready\n", "    ready :9999\n"), "eks-ready", "ready"),
        (("health {", "health 127.0.0.1:8080 {"), "eks-health", "health"),
        (("health {", "health :8081 {"), "eks-health", "health"),
        (("    reload\n", ""), "eks-reload", ".:53"),
        (("    loop\n", ""), "eks-loop", ".:53"),
        (("kubernetes cluster.local in-addr.arpa ip6.arpa", "k8s_external a"), "eks-kubernetes", ".:53"),
        (("/etc/resolv.conf", "/etc/other.conf"), "eks-file", "/etc/other.conf"),
        (("    loop\n", "    loop\n    hosts /tmp/x\n"), "eks-file", "/tmp/x"),
        (("    loop\n", "    loop\n    file db.a a\n"), "eks-file", "db.a"),
        (("    loop\n", "    loop\n    autopath /tmp/r\n"), "eks-file", "/tmp/r"),
        (("    loop\n", "    loop\n    tls a b\n"), "eks-file", "a"),
        (("    loop\n", "    loop\n    grpc . /tmp/g\n"), "eks-file", "/tmp/g"),
    ],
)
def test_requirements_of_eks_are_warnings_in_a_separate_group(
    change: tuple[str, str], rule: str, marked: str
) -> None:
    text = EKS.replace(*change)
    found = [finding for finding in lint(text) if finding.rule == rule]
    assert text[found[0].start : found[0].end] == marked
    assert {finding.severity for finding in found} == {Severity.WARNING}
    assert not [finding for finding in lint(text, groups=OWN) if finding.rule == rule]


@pytest.mark.parametrize(
    "change",
    [
        ("health {", "health 0.0.0.0:8080 {"),
        ("health {", "health [::]:8080 {"),
        ("    ready\n", "    ready :8181\n"),
        ("    loop\n", "    loop\n    hosts {\n    fallthrough\n    }\n"),
        ("    loop\n", "    loop\n    autopath @kubernetes\n"),
    ],
)
def test_values_that_eks_accepts_in_another_form_are_not_reported(change: tuple[str, str]) -> None:
    assert lint(EKS.replace(*change)) == ()


def test_keys_missing_in_a_version_are_not_requested() -> None:
    found = {
        finding.rule
        for finding in lint(". {\n kubernetes a\n health\n}\n", version=(1, 0, 6), groups={Group.EKS})
    }
    assert found == set()


def test_findings_are_sorted_and_said_once_and_every_rule_is_in_the_table() -> None:
    text = ". {\n health { lameduck 5s }\n nonsense\n cache 30s\n cache 5\n}\n}\n"
    found = lint(text)
    assert [finding.start for finding in found] == sorted(finding.start for finding in found)
    assert len(set(found)) == len(found)
    assert {finding.rule for finding in found} <= set(RULES)


def test_ids_in_the_table_are_unique_words_and_explained() -> None:
    for id_, rule in RULES.items():
        assert id_ == rule.id
        assert id_.replace("-", "").isalpha()
        assert rule.explanation
        assert not rule.explanation.endswith(".")


_WORDS = st.sampled_from(
    [
        ".", ".:53", "a.org", "{", "}", "{", "}", "\n", "\n", "\n", " ", "errors", "health", "lameduck", "5s",
        "#", "# c", '"', "cache", "30s", "forward", "/etc/resolv.conf", "1.1.1.1", "import", "s", "(s)",
        "reload",
        "kubernetes", "cluster.local", "upstream", "proxy", "rewrite", "name", "template", "IN", "A", "hosts",
        "10.0.0.1", "fallthrough", "\r", "\t", ",", "{$X}", "{{", "__FOO__", "\x00", "\u200b", "é", "\udc80",
        "x{", "tls://1.1.1.1#d", "}#", "bind", "view", "expr", "acl", "allow", "net", "*", "\ufeff", "any",
        "header", "set", "transfer", "to", "fanout", "timeouts", "read", '"}"', "loadbalance", "metadata",
    ]
)  # fmt: skip


@given(
    st.lists(st.tuples(_WORDS, st.sampled_from(["", " ", "\n"])), max_size=30), st.sampled_from(["1", "8"])
)
def test_lint_never_crashes_on_words_that_get_it_deep(words: list[tuple[str, str]], kind: str) -> None:
    text = "".join(word + gap for word, gap in words)
    version = (1, 14, 7) if kind == "1" else (1, 8, 0)
    found = lint(text, version=version)
    assert all(0 <= finding.start <= finding.end <= len(text) for finding in found)
    assert "\x00" not in plain(render(found, text))


@given(st.binary(max_size=60))
def test_lint_never_crashes_on_arbitrary_bytes(data: bytes) -> None:
    text = decode(data)
    assert all(finding.rule in RULES for finding in lint(text, surroundings=POD))


def operations(text: str) -> int:
    """How many calls are made, a measure that does not depend on the machine."""
    profile = cProfile.Profile()
    profile.runcall(lint, text)
    return sum(entry.callcount for entry in profile.getstats())


SHAPES: Mapping[str, Callable[[int], str]] = {
    "blocks": lambda n: "".join(
        f"z{i} {{\n health {{ lameduck 5s }}\n cache 30s\n x\n}}\n" for i in range(n)
    ),
    "properties": lambda n: ". {\n kubernetes a {\n" + "  upstream\n" * n + " }\n}\n",
    "comments": lambda n: ". {\n" + " errors#b c\n" * n + "}\n",
    "one line": lambda n: "a#b " * n,
    "braces": lambda n: "} " * n,
    "rewrites": lambda n: ". {\n" + " rewrite name a b c\n" * n + "}\n",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_work_grows_with_the_length_of_the_text_and_not_faster(shape: str) -> None:
    small, large = (operations(SHAPES[shape](n)) for n in (60, 240))
    assert large <= 4.6 * small


def test_nothing_is_read_from_this_machine() -> None:
    assert isinstance(POD.files, NoFiles)
    assert not POD.environment


PLAIN_THEN_VIEW = "a.org:1553 {\n whoami\n}\na.org:1553 {\n view v {\n  expr true\n }\n whoami\n}\n"


@pytest.mark.parametrize(("version", "found"), [((1, 14, 2), True), ((1, 14, 3), False)])
def test_a_view_behind_a_plain_block_of_its_zone_is_refused_until_coredns_takes_it(version, found):
    rules = {each.rule for each in lint(PLAIN_THEN_VIEW, version=version)}
    assert ("duplicate-zone" in rules) is found


@pytest.mark.parametrize(
    ("key", "is_refused"),
    [
        ("\u0236", True),
        ("\u0236.", True),
        ("\\\\\u0236.", True),
        ("\u043f\u0435\u0440\u0435\u0434\u0430\u0434\u0438\u043c", True),
        ("\u20ac", False),
        ("\u0236a", False),
        (".", False),
        ("a.org", False),
    ],
)
def test_a_zone_whose_last_letter_looks_like_an_escape_is_refused_before_1_11(key, is_refused):
    text = f"{key} {{\n whoami\n}}\n"
    for version, refuses in (((1, 10, 1), is_refused), ((1, 11, 0), False)):
        found = {each.rule: each.severity for each in lint(text, version=version)}
        assert found.get("zone-key") is (Severity.ERROR if refuses else None)


@pytest.mark.parametrize(
    ("scheme", "version", "known"),
    [("quic", (1, 10, 1), False), ("quic", (1, 11, 4), True), ("https3", (1, 13, 1), False)],
)
def test_a_protocol_newer_than_coredns_is_read_as_a_part_of_the_zone(scheme, version, known):
    found = {
        each.rule: each.severity for each in lint(f"{scheme}://a.org {{\n whoami\n}}\n", version=version)
    }
    assert found.get("zone-scheme") is (None if known else Severity.WARNING)
    assert "duplicate-zone" not in found
