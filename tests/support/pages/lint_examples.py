"""An example of each rule of `corefile lint`, as an edit of EKS's default Corefile.

`python -m tests.support.pages.lint_examples` writes them into docs/corefile-lint.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from eksaddon.corefile.lint.findings import RULES
from eksaddon.corefile.lint.linter import lint
from eksaddon.corefile.lint.render import plain, render_finding
from eksaddon.corefile.lint.upgrade import lint_upgrade
from eksaddon.corefile.syntax.versions import NEWEST_KNOWN, Version
from tests.support.pages.markers import page, write

PAGE, NAME = page("corefile-lint"), "examples"
STOCK = """.:53 {
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
_LINE = "    loop\n"


@dataclass(frozen=True, slots=True)
class Example:
    """An edit that leads to a finding.

    Attributes:
        old: Text of the default Corefile, which is replaced once.
    """

    old: str
    new: str
    version: Version = NEWEST_KNOWN

    @property
    def text(self) -> str:
        assert STOCK.count(self.old) == 1, self.old
        return STOCK.replace(self.old, self.new)


def _line(text: str, version: Version = NEWEST_KNOWN) -> Example:
    """One more line, or several, in the server block."""
    return Example(_LINE, _LINE + "".join(f"    {line}\n" for line in text.split("\n")), version)


def _without(line: str) -> Example:
    return Example(f"    {line}\n", "")


def _behind(text: str, version: Version = NEWEST_KNOWN) -> Example:
    """Text after the server block."""
    return Example("    loadbalance\n}\n", f"    loadbalance\n}}\n{text}", version)


EXAMPLES: Mapping[str, Example] = {
    "syntax": _behind("corp.example.com { errors }\n"),
    "import-not-found": _line("import custom.conf"),
    "zone-key": _behind("corp..example.com {\n    errors\n}\n"),
    "unterminated-quote": _line('log . "{remote} {name}'),
    "lone-cr": Example("    errors\n", "    errors\r    log\n"),
    "odd-character": Example("    errors\n", "    errors\n    log “example.org”\n"),
    "unknown-directive": Example("    ready\n", "    redy\n"),
    "external-plugin": _line("fanout . 10.0.0.1"),
    "unknown-property": Example("lameduck 5s", "lamduck 5s"),
    "argument-count": Example("lameduck 5s", "lameduck"),
    "argument-value": Example("lameduck 5s", "lameduck 5"),
    "repeated-directive": _line("cache 60"),
    "repeated-property": Example(
        "prometheus :9153", "prometheus :9153 {\n        tls a\n        tls b\n    }"
    ),
    "property-conflict": Example("pods insecure", "zonal\n        noendpoints"),
    "missing-property": _line("header"),
    "duplicate-zone": _behind(".:53 {\n    errors\n}\n"),
    "one-line-block": _line("hosts { 10.0.0.1 git.corp }"),
    "unread-block": Example("    reload\n", "    reload {\n    }\n"),
    "after-brace": Example("    }\n    ready\n", "    } ready\n"),
    "stray-word": _line("root /tmp /var"),
    "hosts-entry": _line("hosts {\n    git.corp 10.0.0.1\n    fallthrough\n}"),
    "removed-directive": Example("forward . /etc", "proxy . /etc"),
    "directive-too-new": _line("timeouts {\n    read 5s\n}", (1, 9, 3)),
    "deprecated-directive": Example("forward . /etc", "proxy . /etc", (1, 4, 0)),
    "removed-property": Example("pods insecure", "resyncperiod 5m"),
    "property-too-new": Example("cache 30", "cache 30 {\n        keepttl\n    }", (1, 9, 3)),
    "deprecated-property": _line("header {\n    set ra\n}", (1, 11, 4)),
    "ignored-property": _line("template IN A old.example.com {\n    upstream\n}"),
    "changed-meaning": Example(_LINE, _LINE),
    "ignored-directive": _line("reload"),
    "ignored-argument": Example("pods insecure", "endpoint https://10.0.0.1 https://10.0.0.2"),
    "cache-zone": Example("cache 30", "cache 30s"),
    "glued-comment": Example("/etc/resolv.conf", "tls://9.9.9.9#dns.quad9.net"),
    "brace-in-comment": Example(".:53 {", ".:53 # main {"),
    "stray-brace": _behind("}\n"),
    "missing-brace": Example("        lameduck 5s\n    }\n", "        lameduck 5s\n"),
    "zone-brace": _behind("corp.example.com{\n    errors\n}\n"),
    "zone-port": _behind("corp.example.com:dns {\n    errors\n}\n"),
    "zone-scheme": _behind("udp://corp.example.com {\n    errors\n}\n"),
    "zone-comma": _behind("a.corp,b.corp {\n    errors\n}\n"),
    "dropped-block": _behind('"" {\n    errors\n}\n'),
    "placeholder": Example("/etc/resolv.conf", "__PILLAR__UPSTREAM__SERVERS__"),
    "unset-variable": Example("/etc/resolv.conf", "{$UPSTREAM} 10.0.0.2"),
    "lameduck-off": Example("lameduck 5s", "lameduck 0s"),
    "lameduck-sum": _behind(
        "corp:53 {\n    health :8082 {\n        lameduck 20s\n    }\n    forward . 10.0.0.2\n}\n"
    ),
    "repeated-health": _line("health"),
    "eks-ready": _without("ready"),
    "eks-health": Example("health {", "health :8081 {"),
    "eks-reload": _without("reload"),
    "eks-loop": _without("loop"),
    "eks-kubernetes": Example("kubernetes cluster.local", "k8s_external cluster.local"),
    "eks-file": _line("hosts /etc/coredns/hosts {\n    fallthrough\n}"),
    "dns-port": Example(".:53", ".:1053"),
    "bind-unreachable": _line("bind 127.0.0.1"),
    "no-zone": Example(".:53", "cluster.local:53"),
    "no-answer": _without("forward . /etc/resolv.conf"),
    "hosts-fallthrough": _line("hosts {\n    10.0.0.1 git.corp\n}"),
    "kubernetes-zone": _without("    fallthrough in-addr.arpa ip6.arpa"),
    "kubernetes-namespaces": Example("pods insecure", "namespaces shop"),
    "template-catch-all": _line("template IN A {\n    rcode NXDOMAIN\n}"),
    "zone-catch-all": _line("file /etc/coredns/db ."),
    "acl-blocks": _line("acl {\n    block\n}"),
    "tsig-required": _line(
        "tsig {\n    secret a. NoTCJU+DMqFWywaPyxSijrDEA/eC3nK0xi3AMEZuPVk=\n    require all\n}"
    ),
    "forward-loop": Example("/etc/resolv.conf", "127.0.0.1"),
    "forward-unreachable": Example("/etc/resolv.conf", "127.0.0.1:5353"),
    "test-plugin": Example("forward . /etc/resolv.conf", "whoami"),
    "cluster-names-forwarded": Example("cluster.local in-addr.arpa ip6.arpa {", "cluster.local {"),
    "cluster-domain": Example("kubernetes cluster.local", "kubernetes k8s.local"),
}


OLDER: Version = (1, 10, 1)
_WITH_FROM = frozenset({"changed-meaning"})
"""Rules about the difference between two versions, which `--from` and `upgrade-check` ask for."""


def shown(rule: str) -> str:
    """The first finding of that rule in its example, as the terminal shows it."""
    text, version = EXAMPLES[rule].text, EXAMPLES[rule].version
    found = (
        lint_upgrade(text, installed=OLDER, target=version)
        if rule in _WITH_FROM
        else lint(text, version=version)
    )
    for finding in found:
        if finding.rule == rule:
            return "".join(f"{line}\n" for line in plain(render_finding(finding, text)).splitlines())
    raise LookupError(f"the example of {rule} has no such finding")


def examples() -> str:
    """A section for each rule."""
    return "\n".join(f"### `{rule}`\n\n{_version(rule)}```text\n{shown(rule)}```\n" for rule in RULES)


def _version(rule: str) -> str:
    version = EXAMPLES[rule].version
    if rule in _WITH_FROM:
        return f"From CoreDNS {'.'.join(map(str, OLDER))} to the newest version:\n\n"
    return "" if version == NEWEST_KNOWN else f"With CoreDNS {'.'.join(map(str, version))}:\n\n"


if __name__ == "__main__":
    write(PAGE, NAME, examples())
