"""Common part of all edits: parse, refuse what cannot be verified, parse the result."""

from collections.abc import Iterable, Sequence

from eksaddon.corefile.editing.edits import Edit, Edited, Reason, RefusedError, apply, refusal
from eksaddon.corefile.editing.spans import Planner
from eksaddon.corefile.editing.verify import Intent, find_problem
from eksaddon.corefile.meaning.marks import is_owned
from eksaddon.corefile.meaning.resolve import is_unseen
from eksaddon.corefile.meaning.serving import find_serving_fault, main_block, matching_blocks
from eksaddon.corefile.syntax.dispenser import Occurrence, occurrences
from eksaddon.corefile.syntax.environment import EndlessVariableError, replace_variables
from eksaddon.corefile.syntax.parser import parse
from eksaddon.corefile.syntax.surroundings import Surroundings
from eksaddon.corefile.syntax.tokens import Import, Token
from eksaddon.corefile.syntax.tree import Ending, Fault, ServerBlock

_LINT_FIRST = "see `eksdns corefile lint`, then try again"


class Editor:
    """The Corefile to edit.

    Attributes:
        before: The parsed Corefile before the edit.
        planner: Creates the spans of edits.

    Raises:
        RefusedError: CoreDNS rejects it, or its structure differs from the apparent one.
    """

    def __init__(self, text: str, surroundings: Surroundings, *, in_snippet: bool) -> None:
        self.before = parse(text, surroundings)
        self._surroundings = surroundings
        self._in_snippet = in_snippet
        fault = self.before.fault
        if fault is not None:
            raise self.refuse(
                Reason.UNPARSABLE, fault.text, fault.token, "error reported by CoreDNS; fix it first"
            )
        self._refuse_odd_structure()
        self.refuse_fault(find_serving_fault(self.before))
        self.planner = Planner(self.before)

    def refuse(
        self, reason: Reason, message: str, token: Token | None = None, hint: str = ""
    ) -> RefusedError:
        return refusal(reason, message, hint=hint, corefile=self.before, token=token)

    def refuse_fault(self, fault: Fault | None) -> None:
        if fault is not None:
            raise self.refuse(Reason.REFUSED_BY_COREDNS, fault.text, fault.token, "error reported by CoreDNS")

    def _refuse_odd_structure(self) -> None:
        for block in self.before.dropped_blocks:
            message = "CoreDNS drops a server block that has no address"
            raise self.refuse(Reason.STRUCTURE, message, block.opening, _LINT_FIRST)
        for block in self.before.blocks:
            if block.has_stray_brace:
                message = "CoreDNS reads an extra `}` as a zone name"
                stray = block.key_tokens[block.keys.index("}")]
                raise self.refuse(Reason.STRUCTURE, message, stray, _LINT_FIRST)
            if block.ending is Ending.BORROWED:
                message = "the last server block has no closing `}`"
                raise self.refuse(Reason.STRUCTURE, message, block.opening, _LINT_FIRST)

    def choose_block(self, selector: str | None, directive: str) -> ServerBlock:
        """The selected block; by default the only one with the directive, else the main one.

        Blocks that eksdns owns are only chosen by their key or number.
        """
        if selector is not None:
            return self._named_block(selector, directive)
        having = [block for block in self.before.blocks if directive in block.groups]
        having = [block for block in having if not is_owned(self.before, block)]
        if len(having) > 1:
            raise self._ambiguous(having, directive, f"{len(having)} server blocks have `{directive}`")
        block = having[0] if having else main_block(self.before)
        if block is None:
            raise self.refuse(Reason.NO_SUCH_BLOCK, "the Corefile has no server block")
        return block

    def _named_block(self, selector: str, directive: str) -> ServerBlock:
        blocks = matching_blocks(self.before, selector)
        if len(blocks) > 1:
            raise self._ambiguous(blocks, directive, f"{len(blocks)} server blocks serve `{selector}`")
        if not blocks:
            known = ", ".join(block_name(block) for block in self.before.blocks)
            message = f"no server block serves `{selector}`"
            raise self.refuse(Reason.NO_SUCH_BLOCK, message, hint=f"server blocks: {known or 'none'}")
        return blocks[0]

    def _ambiguous(self, blocks: Sequence[ServerBlock], directive: str, message: str) -> RefusedError:
        paths = ", ".join(
            f'"#{number}".{directive} for {block_name(block)}'
            for number, block in enumerate(self.before.blocks, 1)
            if any(block is each for each in blocks)
        )
        hint = f"name the server block by its key or number: {paths}"
        return self.refuse(Reason.AMBIGUOUS, message, blocks[0].key_tokens[0], hint)

    def require_own(self, tokens: Iterable[Token], uses: int) -> None:
        """Refuse tokens outside the Corefile, or in a shared snippet.

        Args:
            uses: Number of places where CoreDNS reads these tokens.
        """
        for token in tokens:
            if token.file:
                message = f"the text to edit is in the imported file {token.file}"
                raise self.refuse(Reason.FROM_FILE, message, token, "edit that file")
            if token.via is not None and uses > 1 and not self._in_snippet:
                message = (
                    f"the text to edit is in the snippet `{token.via.name}`, which is imported {uses} times"
                )
                hint = "use --in-snippet to edit the snippet for all its users"
                raise self.refuse(Reason.FROM_SNIPPET, message, token, hint)

    def require_editable(self, directive: str, tokens: Sequence[Token]) -> None:
        """Also refuse to overwrite environment variables."""
        self.require_own(tokens, self.uses(directive, tokens[0]))
        for token in tokens:
            if token.from_environment:
                message = f"`{token.raw}` is set by an environment variable"
                raise self.refuse(Reason.FROM_ENVIRONMENT, message, token, "change the variable instead")

    def uses(self, directive: str, name: Token) -> int:
        """Number of places where CoreDNS reads this token."""
        tokens = (token for block in self.before.blocks for token in block.groups.get(directive, ()))
        return sum(1 for token in tokens if (token.file, token.start) == (name.file, name.start))

    def own_occurrences(self, block: ServerBlock, directive: str) -> list[Occurrence]:
        """Occurrences that start at a directive; others are leftover words that plugins ignore."""
        names = {id(each.tokens[0]) for each in block.named(directive)}
        found = [each for each in occurrences(block.groups.get(directive, ())) if id(each.name) in names]
        for occurrence in found:
            if occurrence.name.text != directive:
                message = f"an environment variable turns `{occurrence.name.text}` into `{directive}`"
                raise self.refuse(Reason.FROM_ENVIRONMENT, message, occurrence.name)
        return found

    def insertion_point(self, block: ServerBlock) -> Token:
        """The token below which to insert a directive: at the start of the block, after unread imports."""
        anchor = block.opening or block.key_tokens[-1]
        unseen = [entry for entry in block.body if isinstance(entry, Import) and is_unseen(entry)]
        if unseen and anchor.via is None and not unseen[-1].outermost.pattern.file:
            anchor = unseen[-1].outermost.pattern
        key = block.key_tokens[0]
        places = [(each.key_tokens[0].file, each.key_tokens[0].start) for each in self.before.blocks]
        self.require_own((key, anchor), places.count((key.file, key.start)))
        return anchor

    def expand(self, words: Iterable[str]) -> tuple[str, ...]:
        """Expand new words like CoreDNS."""
        try:
            return tuple(replace_variables(word, self._surroundings.environment) for word in words)
        except EndlessVariableError as error:
            raise self.refuse(Reason.BAD_VALUE, str(error)) from error

    def finish(self, edits: Sequence[Edit], intent: Intent) -> Edited:
        """Apply the edits and verify the result.

        Raises:
            RefusedError: The result cannot be verified.
        """
        ordered = tuple(sorted(edits, key=lambda edit: (edit.start, edit.end)))
        if not ordered:
            return self.unchanged()
        after = parse(apply(self.before.text, ordered), self._surroundings)
        if problem := find_problem(self.before, after, ordered, intent):
            raise self.not_proven(problem)
        return Edited(ordered, self.before, after)

    def unchanged(self) -> Edited:
        return Edited((), self.before, self.before)

    def not_proven(self, problem: str) -> RefusedError:
        message = f"the edit cannot be verified: {problem}"
        return self.refuse(Reason.NOT_PROVEN, message, hint="edit the Corefile by hand")


def block_name(block: ServerBlock) -> str:
    return " ".join(block.keys)
