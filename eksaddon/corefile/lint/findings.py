"""Findings of lint with positions and fixes, and the table of rules."""

from collections.abc import Mapping
from enum import StrEnum

from eksaddon.corefile.editing.edits import Edit
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.frozen import dataclass


class Group(StrEnum):
    """Groups of rules."""

    SYNTAX = "syntax"
    """CoreDNS's lexer and parser."""
    SETUP = "setup"
    """Setup of the target version's plugins."""
    VERSION = "version"
    """Changes between CoreDNS versions."""
    SUSPECT = "suspect"
    """Accepted by CoreDNS, but likely a mistake."""
    EKS = "eks"
    """Requirements of the EKS add-on; not needed for other purposes."""
    RESOLUTION = "resolution"
    """Queries of a Kubernetes cluster; not relevant for other purposes."""


@dataclass(frozen=True, slots=True)
class Fix:
    """An edit that resolves a finding.

    Attributes:
        title: What it does, in the imperative.
        edits: Disjoint, in order. The words inside their spans are replaced by the words of each edit.
        safe: CoreDNS behaves the same before and after, or rejects the text before. An unsafe fix changes
            CoreDNS's answers, so the text may be intended.
    """

    title: str
    edits: tuple[Edit, ...]
    safe: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic with its position.

    Attributes:
        start: First character in the text; `end` is after the last. Both 0 without a position.
        fix: How to resolve it, if known.
    """

    diagnostic: Diagnostic
    start: int
    end: int
    fix: Fix | None = None

    @property
    def rule(self) -> str:
        return self.diagnostic.rule

    @property
    def severity(self) -> Severity:
        return self.diagnostic.severity


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table of rules.

    Attributes:
        id: Published; never renamed.
        explanation: One sentence without a full stop.
    """

    id: str
    group: Group
    explanation: str


def _table(*rules: Rule) -> Mapping[str, Rule]:
    return {rule.id: rule for rule in rules}


RULES: Mapping[str, Rule] = _table(
    Rule("syntax", Group.SYNTAX, "CoreDNS's parser rejects the Corefile; quotes its error message"),
    Rule("import-not-found", Group.SYNTAX, "A file or snippet to import does not exist in the add-on's pod"),
    Rule("zone-key", Group.SYNTAX, "A key of a server block is not a valid zone"),
    Rule("unterminated-quote", Group.SYNTAX, "A quote is not closed, so the rest of the file is one word"),
    Rule("lone-cr", Group.SYNTAX, "Carriage returns without line feeds join words instead of ending lines"),
    Rule("odd-character", Group.SYNTAX, "An invisible or typographic character is part of a word"),
    Rule("unknown-directive", Group.SETUP, "A directive that does not exist in any CoreDNS version"),
    Rule("external-plugin", Group.SETUP, "A plugin that is not in the default build, which EKS ships"),
    Rule("unknown-property", Group.SETUP, "An unknown property in a plugin's block"),
    Rule("argument-count", Group.SETUP, "Too few or too many arguments on a line"),
    Rule("argument-value", Group.SETUP, "An invalid argument"),
    Rule("repeated-directive", Group.SETUP, "A plugin that may be used only once per server block"),
    Rule("repeated-property", Group.SETUP, "A property that may be used only once per block"),
    Rule("property-conflict", Group.SETUP, "Two mutually exclusive properties"),
    Rule("missing-property", Group.SETUP, "A missing property that a plugin or another property requires"),
    Rule("duplicate-zone", Group.SETUP, "The same zone and port in two server blocks or twice in one"),
    Rule("one-line-block", Group.SETUP, "A closing brace on the line of a property is read as an argument"),
    Rule("unread-block", Group.SETUP, "A block after a plugin that does not take one"),
    Rule(
        "after-brace",
        Group.SETUP,
        "Words after a closing brace belong to that plugin and are not a directive",
    ),
    Rule("stray-word", Group.SETUP, "A word that is read as another occurrence of a plugin"),
    Rule(
        "hosts-entry",
        Group.SETUP,
        "A line in a hosts block that CoreDNS skips or rejects because of its position",
    ),
    Rule("removed-directive", Group.VERSION, "A plugin that was removed before the target version"),
    Rule("directive-too-new", Group.VERSION, "A plugin that was added after the target version"),
    Rule("deprecated-directive", Group.VERSION, "A deprecated plugin"),
    Rule("removed-property", Group.VERSION, "A property that was removed before the target version"),
    Rule("property-too-new", Group.VERSION, "A property that was added after the target version"),
    Rule("deprecated-property", Group.VERSION, "A deprecated property"),
    Rule("ignored-property", Group.VERSION, "A property that the target version ignores"),
    Rule(
        "changed-meaning",
        Group.VERSION,
        "A directive that behaves differently in the target version (`--from` and `--to`)",
    ),
    Rule("ignored-directive", Group.SUSPECT, "A second occurrence of a plugin that reads only the first"),
    Rule("ignored-argument", Group.SUSPECT, "An argument that the plugin ignores"),
    Rule("cache-zone", Group.SUSPECT, "An argument of cache that looks like a time but is read as a zone"),
    Rule(
        "glued-comment", Group.SUSPECT, "A `#` inside a word comments out only the text up to the next space"
    ),
    Rule("brace-in-comment", Group.SUSPECT, "The brace that should open a server block is part of a comment"),
    Rule("stray-brace", Group.SUSPECT, "An extra closing brace is read as a zone name"),
    Rule("missing-brace", Group.SUSPECT, "A server block without a closing brace at the end of the file"),
    Rule("zone-brace", Group.SUSPECT, "A brace that is part of a zone's name"),
    Rule("zone-port", Group.SUSPECT, "A port that is not a number is read as part of a zone's name"),
    Rule("zone-scheme", Group.SUSPECT, "An unknown protocol is read as part of a zone's name"),
    Rule("zone-comma", Group.SUSPECT, "A comma that is part of a zone's name"),
    Rule("dropped-block", Group.SUSPECT, "A server block without a zone, which CoreDNS silently ignores"),
    Rule("placeholder", Group.SUSPECT, "A template placeholder that was not replaced"),
    Rule("unset-variable", Group.SUSPECT, "An environment variable that is empty in the add-on's pod"),
    Rule("lameduck-off", Group.SUSPECT, "A lameduck of zero or less, which disables it"),
    Rule(
        "lameduck-sum",
        Group.SUSPECT,
        "Lameducks in several server blocks, which CoreDNS waits for one after another",
    ),
    Rule(
        "repeated-health",
        Group.SUSPECT,
        "Several `health` directives in one server block, of which the last value wins",
    ),
    Rule("eks-ready", Group.EKS, "No `ready` on :8181, which the add-on's readiness probe needs"),
    Rule("eks-health", Group.EKS, "No `health` on :8080, which the add-on's liveness probe needs"),
    Rule("eks-reload", Group.EKS, "No `reload`, so a changed Corefile needs new pods"),
    Rule("eks-loop", Group.EKS, "No `loop`, so a forwarding loop is not detected at startup"),
    Rule("eks-kubernetes", Group.EKS, "No `kubernetes`, so cluster names are not resolved"),
    Rule("eks-file", Group.EKS, "A file that does not exist in the add-on's pods"),
    Rule("dns-port", Group.RESOLUTION, "No server block serves plain DNS on port 53, which the Service uses"),
    Rule("bind-unreachable", Group.RESOLUTION, "A `bind` that the Service's queries do not reach"),
    Rule("no-zone", Group.RESOLUTION, "No server block's zone covers a name, which is REFUSED"),
    Rule("no-answer", Group.RESOLUTION, "No plugin of the server block answers a name"),
    Rule(
        "hosts-fallthrough",
        Group.RESOLUTION,
        "A `hosts` without `fallthrough` answers SERVFAIL for other names",
    ),
    Rule(
        "kubernetes-zone", Group.RESOLUTION, "A zone of `kubernetes` that takes names outside of the cluster"
    ),
    Rule("kubernetes-namespaces", Group.RESOLUTION, "`namespaces` hides the API server's Service"),
    Rule("template-catch-all", Group.RESOLUTION, "A `template` that answers every name of a zone"),
    Rule(
        "zone-catch-all", Group.RESOLUTION, "A plugin with zone data and without `fallthrough` for all names"
    ),
    Rule(
        "acl-blocks", Group.RESOLUTION, "An `acl` policy that blocks, filters or drops queries of all clients"
    ),
    Rule("tsig-required", Group.RESOLUTION, "A `tsig` that requires signatures of pods"),
    Rule("forward-loop", Group.RESOLUTION, "A `forward` to CoreDNS itself"),
    Rule("forward-unreachable", Group.RESOLUTION, "A `forward` to a port of the pod where nothing listens"),
    Rule("test-plugin", Group.RESOLUTION, "A plugin for tests answers instead of an upstream"),
    Rule(
        "cluster-names-forwarded",
        Group.RESOLUTION,
        "Names or addresses of the cluster are sent to an upstream",
    ),
    Rule("cluster-domain", Group.RESOLUTION, "`kubernetes` serves another domain than `cluster.local`"),
)
"""All rules by id, in the order in which documents list them."""
