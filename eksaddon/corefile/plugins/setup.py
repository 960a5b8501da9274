"""What the setup of a plugin would say to its tokens: the tables of `plugins_*` played through a cursor."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from eksaddon.corefile.plugins.cursor import Cursor
from eksaddon.corefile.plugins.values import is_ip, strip_ip_zone
from eksaddon.corefile.plugins.vocabulary import Args, Block, Plugin, Property, Reading, Repeat, Wrong
from eksaddon.corefile.syntax.dispenser import same_line
from eksaddon.corefile.syntax.tokens import Token, shown
from eksaddon.corefile.syntax.versions import Version, show_version
from eksaddon.corefile.syntax.wording import brief, similar
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong at one token.

    Attributes:
        rule: A rule id of `findings.RULES`.
        word: Index of the token.
        refused: Whether CoreDNS refuses the Corefile for it.
    """

    rule: str
    word: int
    summary: str
    detail: str = ""
    refused: bool = True


def read_setup(
    plugin: Plugin, words: Sequence[Token], zones: Sequence[str], version: Version
) -> tuple[Remark, ...]:
    """Read all occurrences of a plugin in one server block; continues after a fault, which CoreDNS does not.

    Args:
        words: The tokens as the parser groups them, the directive's name included.
        zones: The keys of the server block.
    """
    return tuple(_Setup(plugin, words, zones, version).read())


class _Setup:
    def __init__(
        self, plugin: Plugin, words: Sequence[Token], zones: Sequence[str], version: Version
    ) -> None:
        self._plugin = plugin
        self._words = words
        self._zones = zones
        self._version = version
        self._form = plugin.form(version)
        self._tokens = Cursor(words)
        self._settled = False

    def read(self) -> Iterator[Remark]:
        while self._tokens.next():
            if self._settled and self._form.repeat is not Repeat.EACH:
                yield self._second()
                return
            yield from self._one_of_several()
        if not self._settled and self._form.repeat is Repeat.FIRST:
            summary = f"`{self._plugin.name}` needs at least one property"
            yield Remark("missing-property", 0, summary, "Add a block with one, or remove the directive.")

    def _one_of_several(self) -> Iterator[Remark]:
        head = self._tokens.at
        if self._plugin.only_named and self._words[head].text != self._plugin.name:
            yield replace(self._stray(head), refused=False)
            return
        occurrence = _Occurrence(self._plugin, self._words, self._zones, self._version, self._tokens)
        found = occurrence.read()
        self._settled = occurrence.has_properties or not self._form.only_block
        if not head or self._words[head].text == self._plugin.name:
            yield from found
        elif (refused := any(each.refused for each in found)) or self._words[head].text != "}":
            yield replace(self._stray(head), refused=refused)

    def _second(self) -> Remark:
        head = self._tokens.at
        refused = self._form.repeat is Repeat.ONCE
        if self._words[head].text != self._plugin.name:
            return replace(self._stray(head), refused=refused)
        if refused:
            summary = (
                f"`{self._plugin.name}` is used more than once in this server block, which CoreDNS rejects"
            )
            return Remark("repeated-directive", head, summary, "Merge the settings into one.")
        summary = f"the second `{self._plugin.name}` of the server block is ignored"
        return Remark("ignored-directive", head, summary, "CoreDNS reads only the first one.", refused=False)

    def _stray(self, word: int) -> Remark:
        """A word that is read as a further occurrence, though it is none."""
        text = _said(self._words[word])
        name = self._plugin.name
        if text == "{":
            detail = "Remove the block."
            return Remark("unread-block", word, f"`{name}` takes no block", detail)
        if word and self._words[word - 1].text == "}" and same_line(self._words[word - 1], self._words[word]):
            detail = (
                "Words after a closing brace on the same line belong to that plugin; put them on "
                "their own line."
            )
            return Remark(
                "after-brace", word, f"`{text}` is read as part of `{name}`, not as a directive", detail
            )
        return Remark(
            "stray-word",
            word,
            f"`{text}` is read as another `{name}`",
            f"Remove it, or close `{name}` first.",
        )


class _Occurrence:
    """One directive with its block."""

    def __init__(
        self,
        plugin: Plugin,
        words: Sequence[Token],
        zones: Sequence[str],
        version: Version,
        tokens: Cursor,
    ) -> None:
        self._plugin = plugin
        self._words = words
        self._zones = zones
        self._version = version
        self._tokens = tokens
        self._head = tokens.at
        self._read: dict[str, list[list[str]]] = {}
        self._remarks: list[Remark] = []

    def read(self) -> list[Remark]:
        form = self._plugin.form(self._version)
        args = self._take(form.args)
        if form.block is Block.ARGUMENTS and len(args) < 2:  # noqa: PLR2004 - as plugin/rewrite counts
            args += self._block_words()
        self._check(self._head, args, form.args)
        skips_block = form.args_or_block and bool(args)
        is_read_for = bool(form.reads_for and args) and self._words[args[0]].text == form.reads_for
        if (form.block in {Block.READ, Block.ENTRIES} and not skips_block) or is_read_for:
            while self._tokens.next_block():
                self._property(entries=form.block is Block.ENTRIES)
            self._check_end()
        if form.block is Block.REFUSED and self._tokens.next_block():
            self._refuse_block()
        if form.block is Block.UNCHECKED:
            self._block_words()
        self._check_whole([self._words[index].text for index in args])
        return self._remarks

    @property
    def has_properties(self) -> bool:
        return bool(self._read)

    def _say(self, rule: str, word: int, summary: str, detail: str = "", *, refused: bool = True) -> None:
        self._remarks.append(Remark(rule, word, summary, detail, refused))

    def _text(self, word: int) -> str:
        return _said(self._words[word])

    def _take(self, spec: Args) -> list[int]:
        match spec.reading:
            case Reading.NOTHING:
                return []
            case Reading.ONE:
                return [self._tokens.at] if self._tokens.next_arg() else []
            case Reading.LINE:
                return list(self._tokens.remaining_args())
            case Reading.HEAD:
                first = [self._tokens.at] if self._tokens.next_arg() else []
                return first + list(self._tokens.remaining_args())
            case Reading.WHOLE:
                return list(self._tokens.all_args())
            case _:
                assert_never(spec.reading)

    def _block_words(self) -> list[int]:
        words = []
        while self._tokens.next_block():
            words.append(self._tokens.at)
        return words

    def _refuse_block(self) -> None:
        self._say(
            "unread-block", self._tokens.at, f"`{self._plugin.name}` takes no block", "Remove the block."
        )
        self._block_words()

    def _check(self, subject: int, args: Sequence[int], spec: Args) -> None:
        """Look at the arguments of the plugin or of a property."""
        brace = next((index for index in args if self._words[index].text == "}"), None)
        fault = self._count_fault(subject, args, spec) or self._value_fault(subject, args, spec)
        if brace is not None and spec.reading is not Reading.ONE:
            self._one_line(subject, brace, refused=fault is not None)
        elif fault is not None:
            self._remarks.append(fault)
        elif len(args) > spec.used:
            extra = args[spec.used]
            summary = f"`{self._text(extra)}` is not used: `{self._text(subject)}` reads {_plural(spec.used)}"
            self._say("ignored-argument", extra, summary, "Remove it.", refused=False)

    def _check_end(self) -> None:
        """A block whose closing brace was read as an argument ends with the directive's last token.

        Up to CoreDNS 1.12 that token is read as a property again and again: most plugins refuse it, the rest
        never return (source: Dispenser.NextBlock of coredns/caddy 1.1.1 and 1.1.4).
        """
        if self._tokens.ran_out and self._version < BLOCKS_END and self._tokens.text != "}":
            summary = (
                f"CoreDNS {show_version(self._version)} reads `{self._text(self._tokens.at)}` a second time"
            )
            detail = f"The block of `{self._plugin.name}` has no `}}` on a line of its own."
            self._say("one-line-block", self._tokens.at, summary, detail)

    def _one_line(self, subject: int, brace: int, *, refused: bool) -> None:
        name = self._text(subject)
        summary = f"the `}}` on the line of `{name}` is read as its argument and does not close the block"
        detail = "A property ends with its line: put the closing brace on its own line."
        self._say("one-line-block", brace, summary, detail, refused=refused)

    def _count_fault(self, subject: int, args: Sequence[int], spec: Args) -> Remark | None:
        if spec.least <= len(args) <= spec.most:
            return None
        name = self._text(subject)
        if len(args) < spec.least:
            summary = f"`{name}` needs {_wanted(spec)}, but has {_plural(len(args))} on its line"
            return Remark("argument-count", subject, summary, "Arguments end at the end of the line.")
        extra = args[spec.most]
        if self._words[extra].text == "{":
            return Remark("unread-block", extra, f"`{name}` takes no block", "Remove the block.")
        if spec.most == 0:
            summary = f"`{name}` takes no arguments, but has `{self._text(extra)}`"
        else:
            summary = f"`{name}` takes {_wanted(spec)}, so `{self._text(extra)}` is one too many"
        return Remark("argument-count", extra, summary)

    def _value_fault(self, subject: int, args: Sequence[int], spec: Args) -> Remark | None:
        texts = [shown(self._words[index].text) for index in args]
        wrong = _wrong_value(texts, spec)
        if wrong is None and spec.check is not None:
            wrong = spec.check(texts, self._version)
        if wrong is None:
            return None
        word = args[wrong.index] if 0 <= wrong.index < len(args) else subject
        name = self._text(subject)
        owner = "" if word == subject else f" of `{name}`"
        return Remark("argument-value", word, f"`{self._text(word)}`{owner} {wrong.clause}")

    def _property(self, *, entries: bool) -> None:
        word, name = self._tokens.at, self._tokens.text
        known = self._plugin.find(name, self._version)
        if known is not None:
            self._known_property(word, known)
        elif entries and "fallthrough" not in self._read:
            self._entry(word)
        elif self._version < self._plugin.refuses_unknown:
            self._unknown_skipped(word)
        else:
            self._tokens.remaining_args()
            self._unknown_property(word, entries=entries)

    def _known_property(self, word: int, known: Property) -> None:
        args = self._take(known.args)
        self._check(word, args, known.args)
        if known.once and known.name in self._read:
            summary = f"`{known.name}` is used more than once in this block, which CoreDNS rejects"
            self._say("repeated-property", word, summary, "Keep one.")
        self._check_age(word, known)
        self._read.setdefault(known.name, []).append([self._words[index].text for index in args])
        self._check_conflicts(word, known.name)

    def _check_age(self, word: int, known: Property) -> None:
        instead = f"Use `{known.instead}` instead." if known.instead else "Remove it."
        if known.ignored <= self._version:
            summary = f"`{known.name}` has no effect since CoreDNS {show_version(known.ignored)}"
            self._say("ignored-property", word, summary, instead, refused=False)
        elif known.deprecated <= self._version:
            summary = f"`{known.name}` is deprecated since CoreDNS {show_version(known.deprecated)}"
            self._say("deprecated-property", word, summary, instead, refused=False)

    def _check_conflicts(self, word: int, name: str) -> None:
        for conflict in self._plugin.conflicts:
            other = {conflict.first: conflict.second, conflict.second: conflict.first}.get(name)
            if other in self._read:
                self._say(
                    "property-conflict", word, f"`{name}` and `{other}` cannot both be set", "Keep one."
                )

    def _entry(self, word: int) -> None:
        """A line of the hosts file; CoreDNS silently skips a line that is not an entry."""
        names = self._tokens.remaining_args()
        if is_ip(strip_ip_zone(self._words[word].text)) and names:
            brace = next((index for index in names if self._words[index].text == "}"), None)
            if brace is not None:
                self._one_line(word, brace, refused=False)
            return
        summary = f"`{self._text(word)}` does not start an entry, so the line is skipped"
        detail = "An entry is an IP address followed by its host names."
        self._say("hosts-entry", word, summary, detail, refused=False)

    def _unknown_skipped(self, word: int) -> None:
        summary = f"`{self._text(word)}` is not a property of `{self._plugin.name}` and is skipped"
        self._say("ignored-property", word, summary, self._hint(word), refused=False)

    def _unknown_property(self, word: int, *, entries: bool) -> None:
        name, text = self._plugin.name, self._text(word)
        history = self._plugin.ever(self._words[word].text)
        version = show_version(self._version)
        if entries and is_ip(text):
            summary = f"the entry `{text}` comes after `fallthrough`, where CoreDNS {version} rejects entries"
            self._say("hosts-entry", word, summary, "Put all entries before `fallthrough`.")
        elif history and self._version < history[0].since:
            summary = f"`{text}` of `{name}` does not exist in CoreDNS {version}"
            since = show_version(history[0].since)
            self._say("property-too-new", word, summary, f"It was added in CoreDNS {since}.")
        elif history:
            gone = history[-1]
            summary = f"`{text}` of `{name}` was removed in CoreDNS {show_version(gone.until)}"
            instead = f"Use {gone.instead} instead." if gone.instead else "Remove it."
            self._say("removed-property", word, summary, instead)
        else:
            summary = f"`{text}` is not a property of `{name}`"
            self._say("unknown-property", word, summary, self._hint(word))

    def _hint(self, word: int) -> str:
        names = [each.name for each in self._plugin.properties if each.exists(self._version)]
        text = self._text(word)
        near = similar(text.lower(), names, 0.6) if len(text) <= _LONGEST_NAME else None
        if near is not None:
            return f"Did you mean `{near}`?"
        if not names:
            return f"In this version `{self._plugin.name}` has no properties."
        return f"Properties are {', '.join(f'`{name}`' for name in dict.fromkeys(names))}."

    def _check_whole(self, args: Sequence[str]) -> None:
        for need in self._plugin.needs:
            wanting = not need.name or need.name in self._read
            given = need.other in self._read if need.other else bool(self._read)
            if wanting and not given and self._version >= need.since:
                self._say("missing-property", self._head, *self._need_text(need.name, need.other))
        if self._plugin.whole is not None and not any(remark.refused for remark in self._remarks):
            clause = self._plugin.whole(args, self._read, self._zones)
            if clause:
                self._say("argument-value", self._head, f"`{self._plugin.name}` {clause}")

    def _need_text(self, name: str, other: str) -> tuple[str, str]:
        plugin = self._plugin.name
        if name:
            return f"`{name}` of `{plugin}` also needs `{other}`", f"Add `{other}`, or remove `{name}`."
        if other:
            return f"`{plugin}` needs the property `{other}`", f"Add a block with `{other}`."
        return f"`{plugin}` needs at least one property", "Add a block with one, or remove the directive."


BLOCKS_END: Version = (1, 13, 0)
"""The first version in which a block ends where the tokens do."""

_LONGEST_NAME = 40
"""Longer words are not a misspelt property; also bounds the search for a similar one."""


def _said(token: Token) -> str:
    """A word for a message; of an empty one, the variable that made it so."""
    return brief(token.text or token.raw)


def _wrong_value(texts: Sequence[str], spec: Args) -> Wrong | None:
    if spec.joined:
        problem = spec.kind(0).problem(" ".join(texts))
        return Wrong(-1, problem) if problem else None
    for index, text in enumerate(texts):
        if problem := spec.kind(index).problem(text):
            return Wrong(index, problem)
    return None


def _plural(count: int) -> str:
    return f"{count} argument" if count == 1 else f"{count} arguments"


def _wanted(spec: Args) -> str:
    if spec.least == spec.most:
        return f"exactly {_plural(spec.least)}"
    if spec.most >= 1_000_000:  # noqa: PLR2004 - MANY
        return f"at least {_plural(spec.least)}"
    return f"{spec.least} to {_plural(spec.most)}" if spec.least else f"at most {_plural(spec.most)}"
