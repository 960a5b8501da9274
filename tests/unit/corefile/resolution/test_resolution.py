"""What becomes of the stock queries of a cluster, by the text alone; real servers agree (tests/e2e)."""

from dataclasses import replace

import pytest

from eksaddon.corefile import STOCK, parse
from eksaddon.corefile.resolution.outcomes import Answer, Answered, Failure, Outcome
from eksaddon.corefile.resolution.queries import Kind, cluster_domain, stock_queries
from eksaddon.corefile.resolution.servers import resolve
from eksaddon.corefile.syntax.versions import NEWEST_KNOWN, Version

ANY_DIRECTIVE = replace(STOCK, directives=None)
UPSTREAM = "forward . 10.0.0.2"
KUBERNETES = "kubernetes cluster.local in-addr.arpa ip6.arpa {\nfallthrough in-addr.arpa ip6.arpa\n}"


def block(*lines: str, keys: str = ".:53") -> str:
    return "\n".join([f"{keys} {{", *lines, "}\n"])


def outcomes(text: str, version: Version = NEWEST_KNOWN) -> dict[Kind, tuple[Outcome, ...]]:
    return {each.query.kind: each.outcomes for each in resolve(parse(text, ANY_DIRECTIVE), version)}


def short(found: tuple[Outcome, ...]) -> list[str]:
    """`kubernetes`, `?` or the rule of each outcome; in brackets where data decides."""
    words = []
    for one in found:
        match one:
            case Answered(plugin=plugin):
                words.append(plugin)
            case Failure(rule=rule, is_certain=True):
                words.append(rule)
            case Failure(rule=rule):
                words.append(f"({rule})")
            case _:
                words.append("?")
    return words


def of(text: str, kind: Kind = Kind.OUTSIDE, version: Version = NEWEST_KNOWN) -> list[str]:
    return short(outcomes(text, version)[kind])


def test_the_stock_corefile_answers_everything() -> None:
    found = outcomes(block("errors", "health", "ready", KUBERNETES, UPSTREAM, "cache 30", "loop", "reload"))
    assert {kind: short(each) for kind, each in found.items()} == {
        Kind.SERVICE: ["kubernetes"],
        Kind.API_SERVER: ["kubernetes"],
        Kind.REVERSE: ["kubernetes"],
        Kind.OUTSIDE: ["forward"],
        Kind.OUTSIDE_REVERSE: ["forward"],
    }


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("hosts {\n10.0.0.1 a.b\n}",), ["hosts-fallthrough"]),
        (("hosts",), ["hosts-fallthrough"]),
        (("hosts /etc/hosts",), ["hosts-fallthrough"]),
        (("hosts /my/hosts",), ["(hosts-fallthrough)"]),
        (("hosts {\nfallthrough\n}",), ["forward"]),
        (("hosts {\nfallthrough a.b\n}",), ["hosts-fallthrough"]),
        (("hosts {\nfallthrough a.b\nfallthrough\n}",), ["forward"]),
        (("hosts /etc/hosts a.b",), ["forward"]),
        (("hosts {\n10.0.0.1 example.com EXAMPLE.net. example.org iana.org\n}",), ["?"]),
        (("hosts {\n10.0.0.1 *.org example.com example.net\n}",), ["?"]),
        (("kubernetes",), ["kubernetes-zone"]),
        (("kubernetes cluster.local com {\nfallthrough\n}",), ["forward"]),
        (("template ANY ANY",), ["template-catch-all"]),
        (("template IN A . {\nrcode NXDOMAIN\n}",), ["template-catch-all"]),
        (("template IN A . {\nrcode FORMERR\n}",), ["?"]),
        (('template IN A . {\nanswer "{{ .Name }} 60 IN A 10.0.0.1"\n}',), ["?"]),
        (("template IN AAAA .",), ["forward"]),
        (("template CH A .",), ["forward"]),
        (("template IN A a.b",), ["forward"]),
        (("template IN A . {\nmatch ^a\\.b\\.$\n}",), ["template-catch-all"]),
        (("template IN A . {\nmatch ^a\\.b\\.$\nfallthrough\n}",), ["forward"]),
        (("template IN A . {\nmatch ^a\\.b\\.$ com\n}",), ["template-catch-all"]),
        (("template IN A . {\nmatch (?i)COM\nfallthrough\n}",), ["template-catch-all", "forward"]),
        (("template IN A . {\nmatch (?i)COM\n}",), ["template-catch-all", "template-catch-all"]),
        (("acl {\nblock\n}",), ["acl-blocks"]),
        (("acl {\nfilter type A\n}",), ["acl-blocks"]),
        (("acl {\ndrop type A type PTR net *\n}",), ["acl-blocks"]),
        (("acl {\nblock type AAAA\n}",), ["forward"]),
        (("acl a.b {\nblock\n}",), ["forward"]),
        (("acl {\nallow net 10.0.0.0/8\nblock\n}",), ["?", "acl-blocks"]),
        (("acl {\nallow\nblock\n}",), ["forward"]),
        (("tsig {\nsecret a. AAAA\nrequire all\n}",), ["tsig-required"]),
        (("tsig {\nrequire AXFR\n}",), ["forward"]),
        (("tsig a.b {\nrequire all\n}",), ["forward"]),
        (("tsig {\nrequire_opcode QUERY\n}",), ["tsig-required"]),
        (("rewrite name a.b c.d",), ["forward"]),
        (("rewrite stop name exact a.b c.d",), ["forward"]),
        (("rewrite name prefix exam x",), ["?"]),
        (("rewrite name prefix a x",), ["forward"]),
        (("rewrite name suffix .com x",), ["?"]),
        (("rewrite name substring xampl x",), ["?"]),
        (("rewrite name substring yyy x",), ["forward"]),
        (("rewrite name regex ^a\\.(.*)$ {1}",), ["forward"]),
        (("rewrite name regex .*\\.com\\.$ x",), ["?"]),
        (("rewrite name regex [[:alpha:]] x",), ["?"]),
        (("rewrite type AAAA A",), ["?"]),
        (("rewrite ttl regex .* 30",), ["forward"]),
        (("rewrite continue",), ["?"]),
        (("rewrite",), ["?"]),
        (("rewrite name",), ["forward"]),
        (("file db.a a.b",), ["forward"]),
        (("file db.a",), ["(zone-catch-all)"]),
        (("file db.a {\nfallthrough\n}",), ["forward"]),
        (("secondary . {\ntransfer from 10.0.0.1\n}",), ["(zone-catch-all)"]),
        (("route53 a.b:Z1",), ["?", "forward"]),
        (("unknown_plugin",), ["?", "forward"]),
    ],
)  # fmt: skip
def test_a_plugin_before_forward_may_keep_an_outside_name_from_it(
    lines: tuple[str, ...], expected: list[str]
) -> None:
    assert of(block(*lines, UPSTREAM)) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("forward . /etc/resolv.conf", ["forward"]),
        ("forward . tls://127.0.0.1", ["forward"]),
        ("forward . localhost", ["forward"]),
        ("grpc . 127.0.0.1:443", ["grpc"]),
        ("forward . dns://127.0.0.1", ["forward-loop"]),
        ("forward . 127.0.0.1:53", ["forward-loop"]),
        ("forward . [::1]:53", ["forward-loop"]),
        ("forward . ::1", ["forward-loop"]),
        ("forward . 0.0.0.0", ["forward-loop"]),
        ("forward . 127.0.0.1:5353", ["(forward-unreachable)"]),
        ("forward . 172.20.0.10", ["(forward-loop)"]),
        ("forward . 10.0.0.2 127.0.0.1", ["forward", "(forward-loop)"]),
        ("forward . 10.0.0.2 127.0.0.1:5353", ["forward", "?"]),
        ("forward a.b 10.0.0.2", ["no-answer"]),
        ("forward . 10.0.0.2 {\nexcept a.b com\n}", ["no-answer"]),
        ("forward example.com 10.0.0.2 {\nexcept com\n}", ["no-answer"]),
        ("forward . 10.0.0.2 {\nexcept a.b\n}\nforward . 127.0.0.1", ["forward"]),
        ("whoami", ["test-plugin"]),
        ("erratic", ["test-plugin"]),
        ("errors", ["no-answer"]),
        ("reload\nhealth", ["no-answer"]),
    ],
)
def test_who_answers_an_outside_name(line: str, expected: list[str]) -> None:
    assert of(block(line)) == expected


def answer(text: str, kind: Kind = Kind.OUTSIDE, version: Version = NEWEST_KNOWN) -> Answer:
    (found,) = outcomes(text, version)[kind]
    assert isinstance(found, Failure)
    return found.answer


def test_what_the_client_gets() -> None:
    assert answer(block("hosts")) == "SERVFAIL"
    assert answer(block("reload")) == "REFUSED"
    assert answer(block("errors")) == "SERVFAIL"
    assert answer(block("whoami")) == "no records"
    assert answer(block("erratic")) == "a made-up address"
    assert answer(block("acl {\ndrop\n}")) == "no answer"
    assert answer(block("template IN A . {\nmatch zz\n}"), version=(1, 9, 3)) == "SERVFAIL"
    assert answer(block("template IN A . {\nmatch zz\n}"), version=(1, 9, 2)) == "NXDOMAIN"


def test_file_without_a_plugin_after_it_refuses_in_newer_versions() -> None:
    text = block("errors", "file db.a a.b")
    assert [answer(text, version=each) for each in ((1, 12, 2), (1, 12, 3))] == ["SERVFAIL", "REFUSED"]
    assert answer(block("file db.a a.b", "loop")) == "SERVFAIL"


def test_acl_sees_what_rewrite_made_only_in_newer_versions() -> None:
    text = block("acl {\nblock\n}", "rewrite name suffix .com .org", UPSTREAM)
    assert of(text, version=(1, 14, 2)) == ["acl-blocks"]
    assert of(text, version=(1, 14, 3)) == ["?"]


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("kubernetes cluster.local {\nnamespaces a\n}", Kind.API_SERVER, ["kubernetes-namespaces"]),
        ("kubernetes cluster.local {\nnamespaces a\nnamespaces default\n}", Kind.API_SERVER, ["kubernetes"]),
        ("kubernetes cluster.local {\nnamespaces a\nfallthrough\n}", Kind.API_SERVER, ["forward"]),
        ("kubernetes cluster.local {\nnamespaces a\n}", Kind.SERVICE, ["?"]),
        ("kubernetes", Kind.API_SERVER, ["kubernetes-zone"]),
        ("kubernetes", Kind.REVERSE, ["?"]),
        ("kubernetes cluster.local arpa {\nnamespaces a\n}", Kind.REVERSE, ["?"]),
        ("kubernetes cluster.local", Kind.REVERSE, ["forward"]),
        ("kubernetes cluster.local 10.0.0.0/8", Kind.REVERSE, ["kubernetes"]),
        ("kubernetes cluster.local 192.168.0.0/16", Kind.REVERSE, ["kubernetes"]),
        ("kubernetes cluster.local in-addr.arpa", Kind.OUTSIDE_REVERSE, ["kubernetes-zone"]),
        ("kubernetes my.domain", Kind.API_SERVER, ["kubernetes"]),
        ("hosts", Kind.REVERSE, ["forward"]),
        ("hosts", Kind.API_SERVER, ["hosts-fallthrough"]),
    ],
)
def test_names_of_the_cluster(text: str, kind: Kind, expected: list[str]) -> None:
    assert of(block(text, UPSTREAM), kind) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (block(UPSTREAM, keys=".:1053"), ["dns-port"]),
        (block(UPSTREAM, keys="tls://.:53"), ["dns-port"]),
        (block(UPSTREAM, keys="."), ["forward"]),
        (block(UPSTREAM, keys="cluster.local"), ["no-zone"]),
        (block("whoami") + block(UPSTREAM, keys="com"), ["forward"]),
        (block("reload") + block(UPSTREAM, keys="org"), ["no-answer"]),
        (block("bind 127.0.0.1", UPSTREAM), ["bind-unreachable"]),
        (block("bind lo", UPSTREAM), ["bind-unreachable"]),
        (block("bind eth0", UPSTREAM), ["forward"]),
        (block("bind 0.0.0.0", UPSTREAM), ["forward"]),
        (block("bind 10.0.0.9", UPSTREAM), ["forward", "(bind-unreachable)"]),
        (block("bind 0.0.0.0 127.0.0.1 {\nexcept 0.0.0.0\n}", UPSTREAM), ["bind-unreachable"]),
        (block("bind eth0", UPSTREAM) + block("bind 10.0.0.9", "errors"), ["forward", "no-answer"]),
        (block("view v {\nexpr true\n}", "errors") + block(UPSTREAM), ["no-answer", "forward"]),
        (block("view v {\nexpr true\n}", UPSTREAM), ["forward", "no-zone"]),
    ],
)
def test_which_server_block_gets_the_query(text: str, expected: list[str]) -> None:
    assert of(text) == expected


def test_a_query_is_followed_through_other_ports_of_the_pod() -> None:
    first = block("forward . 127.0.0.1:5301")
    assert of(first + block(UPSTREAM, keys=".:5301")) == ["forward"]
    assert of(first + block("bind 127.0.0.1", UPSTREAM, keys=".:5301")) == ["forward"]
    assert of(first + block("bind 10.0.0.9", UPSTREAM, keys=".:5301")) == ["(forward-unreachable)"]
    assert of(first + block("hosts", keys=".:5301")) == ["hosts-fallthrough"]
    assert of(first + block("forward . 127.0.0.1", keys=".:5301")) == ["forward-loop"]
    chain = "".join(block(f"forward . 127.0.0.1:{port + 1}", keys=f".:{port}") for port in range(53, 70))
    assert of(chain) == ["?"]


def test_the_reason_says_what_a_loop_comes_to() -> None:
    for lines, words in [((), "in a loop"), (("loop",), "exits because of `loop`")]:
        (found,) = outcomes(block("forward . 127.0.0.1", *lines))[Kind.OUTSIDE]
        assert isinstance(found, Failure)
        assert words in found.reason


def test_a_missing_zone_of_the_cluster_asks_for_kubernetes() -> None:
    (found,) = outcomes(block(UPSTREAM, keys="com"))[Kind.API_SERVER]
    assert isinstance(found, Failure)
    assert found.advice == "Add `kubernetes cluster.local` in a server block for it."


def test_the_outside_name_is_one_that_the_corefile_does_not_treat_specially() -> None:
    def outside(text: str) -> str:
        return next(str(each) for each in stock_queries(parse(text)) if each.kind is Kind.OUTSIDE)

    assert outside(block("errors")) == "example.com"
    assert outside(block("errors") + block("errors", keys="a.Example.com")) == "example.net"
    assert outside("# example.com example.net example.org iana.org\n" + block("errors")) == "iana.org"


def test_the_cluster_domain_is_the_one_that_nodes_search_unless_only_another_is_served() -> None:
    assert cluster_domain(parse(block("errors"))) == "cluster.local."
    assert cluster_domain(parse(block("kubernetes a.b cluster.local"))) == "cluster.local."
    assert cluster_domain(parse(block("kubernetes in-addr.arpa a.b"))) == "a.b."
    assert cluster_domain(parse(block("kubernetes"))) == "cluster.local."
