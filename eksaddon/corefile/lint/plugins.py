"""Checks directives by version and by the setup of each plugin."""

from collections.abc import Iterator

from eksaddon.corefile.editing.edits import Edit
from eksaddon.corefile.lint.findings import Finding, Fix
from eksaddon.corefile.lint.fixes import Fixer
from eksaddon.corefile.lint.subject import Subject
from eksaddon.corefile.plugins.setup import read_setup
from eksaddon.corefile.plugins.table import PLUGINS
from eksaddon.corefile.syntax.directives import EXTERNAL, LIVES, Life, stock_directives
from eksaddon.corefile.syntax.tokens import Token
from eksaddon.corefile.syntax.tree import Directive, ServerBlock
from eksaddon.corefile.syntax.versions import NEWEST_KNOWN, show_version
from eksaddon.corefile.syntax.wording import brief, similar
from eksaddon.domain.diagnostic import Severity

LONGEST_NAME = 40
"""Longer words are not treated as misspelt directives; also bounds the search for similar ones."""


def lint_plugins(subject: Subject) -> Iterator[Finding]:
    known = stock_directives(subject.version)
    for item in subject.corefile.items:
        if isinstance(item, ServerBlock):
            yield from _lint_block(subject, item, known)


def _lint_block(subject: Subject, block: ServerBlock, known: frozenset[str]) -> Iterator[Finding]:
    for directive in block.directives:
        if directive.name not in known:
            yield _absent(subject, block, directive)
        elif LIVES[directive.name].deprecated <= subject.version:
            yield _deprecated(subject, directive)
    if not block.keys:
        return  # dropped before any plugin is set up
    for name, tokens in block.groups.items():
        if name in known and name in PLUGINS:
            fixer = Fixer(subject, name, tokens)
            for remark in read_setup(PLUGINS[name], tokens, block.keys, subject.version):
                severity = Severity.ERROR if remark.refused else Severity.WARNING
                token, fix = tokens[remark.word], fixer.fix(remark)
                yield subject.at(severity, remark.rule, token, remark.summary, remark.detail, fix=fix)


def _deprecated(subject: Subject, directive: Directive) -> Finding:
    life = LIVES[directive.name]
    summary = f"`{directive.name}` is deprecated since CoreDNS {show_version(life.deprecated)}"
    token = directive.tokens[0]
    return subject.at(Severity.WARNING, "deprecated-directive", token, summary, _instead(life))


def _instead(life: Life) -> str:
    return f"Use `{life.instead}` instead." if life.instead else "Remove it."


def _absent(subject: Subject, block: ServerBlock, directive: Directive) -> Finding:
    """A directive that the target version does not have."""
    name, token, version = brief(directive.name), directive.tokens[0], show_version(subject.version)
    life = LIVES.get(directive.name)
    if life is not None and subject.version < life.since:
        summary = f"`{name}` does not exist in CoreDNS {version}"
        detail = f"It was added in CoreDNS {show_version(life.since)}."
        return subject.at(Severity.ERROR, "directive-too-new", token, summary, detail)
    if life is not None:
        summary = f"`{name}` was removed in CoreDNS {show_version(life.until)}"
        fix = _renamed(subject, block, directive)
        return subject.at(Severity.ERROR, "removed-directive", token, summary, _instead(life), fix=fix)
    if directive.name in EXTERNAL:
        summary = f"`{name}` is an external plugin"
        detail = "The EKS add-on's image contains only the default plugins, so CoreDNS rejects the Corefile."
        return subject.at(Severity.ERROR, "external-plugin", token, summary, detail)
    severity = Severity.ERROR if subject.version <= NEWEST_KNOWN else Severity.WARNING
    summary = f"unknown directive `{name}`"
    fix = _parted(subject, token, safe=severity is Severity.ERROR)
    return subject.at(severity, "unknown-directive", token, summary, _advice(subject, directive), fix=fix)


def _advice(subject: Subject, directive: Directive) -> str:
    name = directive.name
    if name.endswith("{") and "{{" not in name:
        return "A brace must be a separate word: put a space before it."
    is_short = len(name) <= LONGEST_NAME
    near = similar(name.lower(), stock_directives(subject.version), 0.7) if is_short else None
    if near is not None:
        return f"Did you mean `{near}`?"
    if "{{" in name or "{%" in name:
        return "This is a template placeholder; render the template first."
    if any(token.text == "{" for token in directive.tokens) and ("." in name or ":" in name):
        return (
            "If this is a zone, close the preceding server block, or end the previous line with a "
            "comma to add the zone to it."
        )
    return "The EKS add-on's image contains only the default plugins."


def _parted(subject: Subject, token: Token, *, safe: bool) -> Fix | None:
    """Fix for `health{`, a plugin name without space before the brace."""
    name = token.text.removesuffix("{")
    if name == token.text or name not in stock_directives(subject.version) or token.via is not None:
        return None
    if token.quoted or token.end - token.start != len(token.text):
        return None
    edit = Edit(token.start, token.end, f"{name} {{", (name, "{"))
    return Fix("Put a space before the brace", (edit,), safe)


def _renamed(subject: Subject, block: ServerBlock, directive: Directive) -> Fix | None:
    """Fix that renames proxy to forward if nothing else has to change."""
    token = directive.tokens[0]
    alone = len(block.named("proxy")) + len(block.named("forward")) == 1
    plain = all(each.text != "{" for each in directive.tokens)
    own = not token.file and token.text == token.raw and not token.quoted
    if directive.name != "proxy" or subject.version < LIVES["forward"].since or not (alone and plain and own):
        return None
    edit = Edit(token.start, token.end, "forward", ("forward",))
    return Fix("Rename `proxy` to `forward`", (edit,), safe=True)
