"""What lint says: a diagnostic with its place and, where one is safe, a fix; and the table of rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from eksaddon.corefile.editing.edits import Edit
from eksaddon.domain.diagnostic import Diagnostic, Severity


class Group(StrEnum):
    """Why a rule exists."""

    SYNTAX = "syntax"
    """CoreDNS's lexer and parser."""
    SETUP = "setup"
    """What the plugins of the target version make of their tokens."""
    VERSION = "version"
    """What comes and goes with CoreDNS's versions."""
    SUSPECT = "suspect"
    """Accepted by CoreDNS, but surely not meant."""
    EKS = "eks"
    """What the EKS add-on needs; a Corefile for another purpose may do without."""


@dataclass(frozen=True, slots=True)
class Fix:
    """An edit that resolves a finding.

    Attributes:
        title: What it does, in the imperative.
        edits: In order and apart. The words inside their spans give way to the words that each one names.
        safe: CoreDNS does the same before and after, or refuses the text before. An unsafe fix changes what
            CoreDNS answers: the author may have meant the text as it is.
    """

    title: str
    edits: tuple[Edit, ...]
    safe: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic with its place.

    Attributes:
        start: First character in the text; `end` is after the last. Both 0 for what has no place.
        fix: How to resolve it, where that is known.
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
    """A line of the table of rules.

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
    Rule("syntax", Group.SYNTAX, "CoreDNS's parser refuses the Corefile; the words are its own"),
    Rule("import-not-found", Group.SYNTAX, "A file or snippet to import does not exist in the add-on's pod"),
    Rule("zone-key", Group.SYNTAX, "A key of a server block is no zone that CoreDNS can read"),
    Rule("unterminated-quote", Group.SYNTAX, "A quote is never closed, so the rest of the file is one word"),
    Rule("lone-cr", Group.SYNTAX, "Carriage returns without line feeds do not end lines but join words"),
    Rule("odd-character", Group.SYNTAX, "An invisible or typographic character became part of a word"),
    Rule("unknown-directive", Group.SETUP, "A directive that no CoreDNS has"),
    Rule("external-plugin", Group.SETUP, "A plugin that is not part of the stock build, which EKS ships"),
    Rule("unknown-property", Group.SETUP, "A word in a plugin's block that the plugin does not know"),
    Rule("argument-count", Group.SETUP, "Too few or too many arguments on a line"),
    Rule("argument-value", Group.SETUP, "An argument that the plugin cannot read"),
    Rule("repeated-directive", Group.SETUP, "A plugin that may stand only once in a server block"),
    Rule("repeated-property", Group.SETUP, "A property that may stand only once in a block"),
    Rule("property-conflict", Group.SETUP, "Two properties that exclude each other"),
    Rule("missing-property", Group.SETUP, "A property that a plugin or another property needs"),
    Rule("duplicate-zone", Group.SETUP, "The same zone and port in two server blocks or twice in one"),
    Rule("one-line-block", Group.SETUP, "A closing brace on the line of a property is read as its argument"),
    Rule("unread-block", Group.SETUP, "A block behind a plugin that does not look for one"),
    Rule(
        "after-brace", Group.SETUP, "Words behind a closing brace belong to that plugin and are no directive"
    ),
    Rule("stray-word", Group.SETUP, "A word that is read as a further occurrence of a plugin"),
    Rule("hosts-entry", Group.SETUP, "A line in the block of hosts that is skipped, or stands too late"),
    Rule("removed-directive", Group.VERSION, "A plugin that the target version has no more"),
    Rule("directive-too-new", Group.VERSION, "A plugin that came after the target version"),
    Rule("deprecated-directive", Group.VERSION, "A plugin that is to be removed"),
    Rule("removed-property", Group.VERSION, "A property that the target version has no more"),
    Rule("property-too-new", Group.VERSION, "A property that came after the target version"),
    Rule("deprecated-property", Group.VERSION, "A property that is to be removed"),
    Rule("ignored-property", Group.VERSION, "A property that the target version reads and forgets"),
    Rule("ignored-directive", Group.SUSPECT, "A second occurrence of a plugin that reads only its first"),
    Rule("ignored-argument", Group.SUSPECT, "An argument behind the last one that the plugin uses"),
    Rule("cache-zone", Group.SUSPECT, "An argument of cache that looks like a time but is read as a zone"),
    Rule("glued-comment", Group.SUSPECT, "A `#` inside a word hides only the text up to the next blank"),
    Rule("brace-in-comment", Group.SUSPECT, "The brace that should open a server block is part of a comment"),
    Rule("stray-brace", Group.SUSPECT, "A closing brace too many became the name of a zone"),
    Rule("missing-brace", Group.SUSPECT, "A server block that only ends because the file does"),
    Rule("zone-brace", Group.SUSPECT, "A brace that is part of a zone's name"),
    Rule("zone-port", Group.SUSPECT, "A port that is no number became part of a zone's name"),
    Rule("zone-scheme", Group.SUSPECT, "A protocol that CoreDNS does not know became part of a zone's name"),
    Rule("zone-comma", Group.SUSPECT, "A comma that is part of a zone's name"),
    Rule("dropped-block", Group.SUSPECT, "A server block without a zone, which CoreDNS drops without a word"),
    Rule("placeholder", Group.SUSPECT, "Text that a templating tool should have replaced"),
    Rule("unset-variable", Group.SUSPECT, "An environment variable that is empty in the add-on's pod"),
    Rule("lameduck-off", Group.SUSPECT, "A lameduck of zero or less, which is none"),
    Rule(
        "lameduck-sum", Group.SUSPECT, "Lameducks of several server blocks, which are slept one after another"
    ),
    Rule(
        "repeated-health", Group.SUSPECT, "Several `health` in one server block, of which the last value wins"
    ),
    Rule("eks-ready", Group.EKS, "No `ready` on :8181, which the readiness probe of the add-on asks"),
    Rule("eks-health", Group.EKS, "No `health` on :8080, which the liveness probe of the add-on asks"),
    Rule("eks-reload", Group.EKS, "No `reload`, so that a changed Corefile needs new pods"),
    Rule("eks-loop", Group.EKS, "No `loop`, so that a forwarding loop is not noticed at start"),
    Rule("eks-kubernetes", Group.EKS, "No `kubernetes`, so that names of the cluster are not answered"),
    Rule("eks-file", Group.EKS, "A file that the add-on's pod does not hold"),
)
"""All rules by id, in the order in which documents list them."""
