"""Parses tokens to server blocks, with the same result as CoreDNS.

Source: caddyfile/parse.go of coredns/caddy 15135a9; the steps here have the names of its functions.
Imported tokens are put on a stack instead of into the middle of a list, so that the time stays linear.
"""

from collections.abc import Sequence

from eksaddon.corefile.syntax.dispenser import same_line
from eksaddon.corefile.syntax.environment import EndlessVariableError, replace_variables
from eksaddon.corefile.syntax.importer import MOST_SNIPPETS, Importer, ImportRefusedError, ImportTooLargeError
from eksaddon.corefile.syntax.lexer import CorefileTooLargeError, lex
from eksaddon.corefile.syntax.surroundings import STOCK, Surroundings
from eksaddon.corefile.syntax.tokens import Import, Token
from eksaddon.corefile.syntax.tree import (
    Corefile,
    Directive,
    Ending,
    Fault,
    FaultKind,
    Item,
    ServerBlock,
    Snippet,
)
from eksaddon.corefile.syntax.zones import find_key_fault


def parse(text: str, surroundings: Surroundings = STOCK) -> Corefile:
    """Parse a Corefile; if CoreDNS rejects it, or it is too large, `fault` is set."""
    try:
        tokens = lex(text)
    except CorefileTooLargeError as error:
        return Corefile(text, (), (), Fault(FaultKind.LIMIT, error.message))
    parser = _Parser(tokens, surroundings)
    fault: Fault | None = None
    try:
        parser.parse_all()
    except _RefusedError as error:
        fault = error.fault
    except (ImportTooLargeError, EndlessVariableError) as error:
        fault = parser.fault(FaultKind.LIMIT, str(error))
    corefile = Corefile(text, tokens, tuple(parser.items), fault, tuple(parser.importer.warnings))
    if fault is None and (key_fault := find_key_fault(corefile.blocks)):
        return Corefile(text, tokens, corefile.items, key_fault, corefile.warnings)
    return corefile


_Keys = list[tuple[str, Token]]
_Body = list[Directive | Import]


class _RefusedError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.text)
        self.fault = fault


class _Parser:
    """The Dispenser and its parser.

    Attributes:
        items: Complete ones so far.
    """

    def __init__(self, tokens: Sequence[Token], surroundings: Surroundings) -> None:
        self.items: list[Item] = []
        self.importer = Importer(surroundings)
        self._pending = list(reversed(tokens))
        self._surroundings = surroundings
        self._current: Token | None = None  # None in front of the first token and behind the last
        self._previous: Token | None = None

    def parse_all(self) -> None:
        while self._next():
            self._parse_one()

    def fault(self, kind: FaultKind, message: str) -> Fault:
        token = self._current
        if token is None:
            return Fault(kind, message, 0, self._surroundings.filename)
        return Fault(kind, message, token.line, token.file or self._surroundings.filename, token)

    def _error(self, message: str) -> _RefusedError:
        return _RefusedError(self.fault(FaultKind.PARSING, message))

    def _syntax_error(self, expected: str) -> _RefusedError:
        message = f"Unexpected token '{self._text()}', expecting '{expected}'"
        return _RefusedError(self.fault(FaultKind.SYNTAX, message))

    def _next(self) -> Token | None:
        if not self._pending:
            return None
        self._previous = self._current
        self._current = self._pending.pop()
        return self._current

    def _push_back(self, token: Token) -> None:
        """Only ever followed by `_next`, so that the token before the previous one need not be known."""
        self._pending.append(token)
        self._current = self._previous

    def _next_argument(self, token: Token) -> Token | None:
        return self._next() if self._pending and same_line(token, self._pending[-1]) else None

    def _is_new_line(self, current: Token) -> bool:
        previous = self._previous
        return previous is None or previous.file != current.file or previous.end_line < current.line

    def _text(self) -> str:
        return "" if self._current is None else self._current.text

    def _expand(self, text: str) -> str:
        return replace_variables(text, self._surroundings.environment)

    def _parse_one(self) -> None:
        keys, at_end = self._addresses()
        texts = tuple(text for text, _ in keys)
        if at_end and keys:
            self._add_block(keys, None, None, Ending.FILE, [])
        elif len(texts) == 1 and texts[0].startswith("(") and texts[0].endswith(")"):
            self._define_snippet(texts[0][1:-1], keys[0][1])
        elif not at_end:
            self._block_contents(keys)

    def _addresses(self) -> tuple[_Keys, bool]:
        """The keys, and whether the file ends with them."""
        keys: _Keys = []
        expecting = False
        while True:
            token = self._current
            text = self._expand(self._text())
            if token and text == "import" and self._is_new_line(token):
                self.items.append(self._import(token))
                if not self._next():
                    self._current = None
                continue
            if text == "{":
                if expecting:
                    raise self._error("Expected another address but had '{' - check for extra comma")
                return keys, False
            if token and text:
                expecting = text.endswith(",")
                keys.append((text.removesuffix(","), token))
            following = self._next()
            if expecting and not following:
                raise self._error("Unexpected EOF")
            if not following or (not expecting and self._is_new_line(following)):
                return keys, following is None

    def _block_contents(self, keys: _Keys) -> None:
        token = self._current
        opening = token if token and token.text == "{" else None
        if token and not opening:
            self._push_back(token)
        body, closing = self._directives()
        self._add_block(keys, opening, closing, self._ending(opening, closing), body)

    def _ending(self, opening: Token | None, closing: Token | None) -> Ending:
        if opening is None:
            return Ending.FILE if closing is None else Ending.LONE_BRACE
        if closing is not None:
            return Ending.BRACE
        if self._text() != "}":
            raise self._syntax_error("}")
        return Ending.BORROWED

    def _add_block(
        self, keys: _Keys, opening: Token | None, closing: Token | None, ending: Ending, body: _Body
    ) -> None:
        groups: dict[str, list[Token]] = {}
        for entry in body:
            if isinstance(entry, Directive):
                groups.setdefault(entry.name, []).extend(entry.tokens)
        self.items.append(
            ServerBlock(
                keys=tuple(text for text, _ in keys),
                key_tokens=tuple(token for _, token in keys),
                opening=opening,
                closing=closing,
                ending=ending,
                body=tuple(body),
                groups={name: tuple(tokens) for name, tokens in groups.items()},
            )
        )

    def _directives(self) -> tuple[_Body, Token | None]:
        """The body, and the `}` that ended it."""
        body: _Body = []
        while token := self._next():
            if token.text == "}":
                return body, token
            body.append(self._import(token) if token.text == "import" else self._directive(token))
        return body, None

    def _directive(self, token: Token) -> Directive:
        name = self._expand(token.text)
        known = self._surroundings.directives
        if known is not None and name not in known:
            raise self._error(f"Unknown directive '{name}'")
        tokens = [token]
        imports: list[Import] = []
        nesting = 0
        while following := self._next():
            text = following.text
            if text == "{":
                nesting += 1
            elif nesting == 0 and self._is_new_line(following):
                self._push_back(following)
                break
            elif text == "}" and nesting == 0:
                raise self._error("Unexpected '}' because no matching opening brace")
            elif text == "}":
                nesting -= 1
            elif text == "import" and self._is_new_line(following):
                imports.append(self._import(following))
                continue
            tokens.append(self._expanded(following))
        if nesting > 0:
            raise self._error("Unexpected EOF")
        return Directive(name, tuple(tokens), tuple(imports))

    def _expanded(self, token: Token) -> Token:
        """The current token with its variables replaced, which may hold line breaks."""
        text = self._expand(token.text)
        if text != token.text:
            token = token._replace(text=text)
            self._current = token
        return token

    def _import(self, keyword: Token) -> Import:
        """Carry out an import; the current token is then the one before it."""
        before = self._previous
        pattern = self._next_argument(keyword)
        if pattern is None:
            raise self._error(f"Wrong argument count or unexpected line ending after '{keyword.text}'")
        name = self._expand(pattern.text)
        if not name:
            raise self._error("Import requires a non-empty filepath")
        if self._next_argument(pattern):
            raise self._error("Import takes only one argument (glob pattern or file)")
        try:
            made, tokens = self.importer.carry_out(keyword, pattern, name)
        except ImportRefusedError as error:
            raise self._error(str(error)) from error
        self._pending.extend(reversed(tokens))
        self._current = before
        return made

    def _define_snippet(self, name: str, key: Token) -> None:
        opening = self._current
        if name in self.importer.snippets:
            raise self._error(f"redeclaration of previously declared snippet {name}")
        if opening is None or opening.text != "{":
            raise self._syntax_error("{")
        tokens, closing = self._snippet_tokens()
        if self._imports_itself(name, tokens):
            raise self._error(f"maximum snippet import depth ({MOST_SNIPPETS}) exceeded")
        self.importer.snippets[name] = tokens
        self.items.append(Snippet(name, key, opening, tuple(tokens), closing))

    def _snippet_tokens(self) -> tuple[list[Token], Token]:
        depth = 1
        tokens: list[Token] = []
        while token := self._next():
            depth += (token.text == "{") - (token.text == "}")
            if depth == 0:
                return tokens, token
            tokens.append(token)
        raise self._syntax_error("}")

    def _imports_itself(self, name: str, tokens: Sequence[Token]) -> bool:
        return any(
            token.text == "import"
            and (at == 0 or (tokens[at - 1].file, tokens[at - 1].line) != (token.file, token.line))
            and self._expand(tokens[at + 1].text) == name
            for at, token in enumerate(tokens[:-1])
        )
