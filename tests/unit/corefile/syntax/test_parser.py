import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.corefile import (
    Corefile,
    Directive,
    Ending,
    FaultKind,
    Import,
    ImportKind,
    NoFiles,
    ServerBlock,
    Snippet,
    Surroundings,
    decode,
    occurrences,
    parse,
)

ENVIRONMENT = {
    "PORT": "1053",
    "HEALTH": "health",
    "TWO": "a b",
    "LF": "a\nb",
    "BRACE": "{",
    "IMPORT": "import",
    "SNIPPET": "(s)",
    "REF": "{$PORT}",
    "LOOP": "{$LOOP}",
    "GROW": "{$GROW}{$GROW}",
}
AROUND = Surroundings(files=NoFiles(), environment=ENVIRONMENT)

# text, CoreDNS's error
REFUSED = [
    (". {\n nosuch\n}", "Corefile:2 - Error during parsing: Unknown directive 'nosuch'"),
    ("a.org\nb.org {\n}", "Corefile:2 - Error during parsing: Unknown directive 'b.org'"),
    (". {\n health{\n}", "Corefile:2 - Error during parsing: Unknown directive 'health{'"),
    (". { errors }", "Corefile:1 - Error during parsing: Unexpected '}' because no matching opening brace"),
    (". {\n health {\n", "Corefile:2 - Error during parsing: Unexpected EOF"),
    (". {\n errors\n", "Corefile:2 - Syntax error: Unexpected token 'errors', expecting '}'"),
    (". {", "Corefile:1 - Syntax error: Unexpected token '{', expecting '}'"),
    (". {\n\udcff", "Corefile:2 - Error during parsing: Unknown directive '\ufffd'"),
    (
        "a, {\n}",
        "Corefile:1 - Error during parsing: Expected another address but had '{' - check for extra comma",
    ),
    ("a,", "Corefile:1 - Error during parsing: Unexpected EOF"),
    ("(s)\nerrors", "Corefile:2 - Syntax error: Unexpected token 'errors', expecting '{'"),
    ("(s) {\n errors", "Corefile:2 - Syntax error: Unexpected token 'errors', expecting '}'"),
    (
        "(s) {\n}\n(s) {\n}",
        "Corefile:3 - Error during parsing: redeclaration of previously declared snippet s",
    ),
    (
        "(s) {\n import s\n}",
        "Corefile:3 - Error during parsing: maximum snippet import depth (10000) exceeded",
    ),
    (
        '"(s)" { errors\n import {$REF}x s }\n. {\n import s',
        "Corefile:2 - Error during parsing: Import takes only one argument (glob pattern or file)",
    ),
    (
        "import",
        "Corefile:1 - Error during parsing: Wrong argument count or unexpected line ending after 'import'",
    ),
    (
        "{$IMPORT}\nx",
        "Corefile:1 - Error during parsing: Wrong argument count or unexpected line ending after '{$IMPORT}'",
    ),
    (". {\n import {$UNSET}\n}", "Corefile:2 - Error during parsing: Import requires a non-empty filepath"),
    (
        ". {\n import a b\n}",
        "Corefile:2 - Error during parsing: Import takes only one argument (glob pattern or file)",
    ),
    (". {\n import none\n}", "Corefile:2 - Error during parsing: File to import not found: none"),
    (". {\n health {\n import none\n}", "Corefile:3 - Error during parsing: File to import not found: none"),
    ("a,\nimport x*", "Corefile:0 - Error during parsing: Unexpected EOF"),
    (". {\n import a*b*\n}", "Glob pattern may only contain one wildcard (*), but has others: /a*b*"),
    (
        ". {\n import [x\n}",
        "Corefile:2 - Error during parsing: Failed to use import pattern [x: syntax error in pattern",
    ),
    ("{$BRACE}\nerrors", "Corefile:1 - Error during parsing: Unknown directive '{'"),
    (
        "(a) {\n import b\n}\n(b) {\n import a\n}\n. {\n import a\n}",
        "Corefile:5 - Error during parsing: maximum snippet import depth (10000) exceeded",
    ),
    (".:", 'error inspecting server blocks: expecting data after last colon: ".:"'),
    ("a , b", 'error inspecting server blocks: expecting data after last colon: ""'),
]

# text, keys of each block and its directives with all their words
ACCEPTED = [
    ("", []),
    ("# nothing\n", []),
    ('""', []),
    (". a,\n b", [((".", "a", "b"), [])]),
    ("a,b c,,\nd {\n}", [(("a,b", "c,", "d"), [])]),
    ("a, import x*", [(("a", "import", "x*"), [])]),
    ("dns://.:{$PORT} {\n}", [(("dns://.:1053",), [])]),
    (".\n\n# c\n{\n errors\n}", [((".",), ["errors"])]),
    ("a,\n\n{$UNSET} b {\n}", [(("a", "b"), [])]),
    (".\nerrors\nlog", [((".",), ["errors", "log"])]),
    (".\nerrors\n}\na.org {\n}", [((".",), ["errors"]), (("a.org",), [])]),
    (".:53 # main {\n errors\n}", [((".:53",), ["errors"])]),
    (". {\n errors\n}\n}", [((".",), ["errors"]), (("}",), [])]),
    (". {\n health {\n  lameduck 5s\n }", [((".",), ["health { lameduck 5s }"])]),
    (". {\n health {\n } errors\n}", [((".",), ["health { } errors"])]),
    (". {\n health\n {\n }\n}", [((".",), ["health { }"])]),
    (". {\n errors\n} a.org {\n log\n}", [((".",), ["errors"]), (("a.org",), ["log"])]),
    ("{\n errors\n}\n. {\n}", [((".",), [])]),
    ("{$UNSET} {\n errors\n}", []),
    (". {\n errors stdout {$TWO} import x\n}", [((".",), ["errors stdout a b import x"])]),
    (". {\n {$HEALTH} {$REF} {%PORT%} {$} {$X\n}", [((".",), ["{$HEALTH} 1053 1053 {$} {$X"])]),
    (". {\n errors {$LF}\n log\n cache\n}", [((".",), ["errors a\nb log", "cache"])]),
    ("(s) {\n errors\n}\n. {\n import s\n log\n}", [((".",), ["errors", "log"])]),
    ("(s) {\n a.org {\n  log\n }\n}\nimport s\nb.org {\n}", [(("a.org",), ["log"]), (("b.org",), [])]),
    ("(s) {\n lameduck 5s\n}\n. {\n health {\n  import s\n }\n}", [((".",), ["health { lameduck 5s }"])]),
    ("(s) {\n}\n. {\n import s\n}", [((".",), [])]),
    ("(s)", [(("(s)",), [])]),
    ("(a) (b) {\n}", [(("(a)", "(b)"), [])]),
    ("{$SNIPPET} {\n log\n}\n. {\n import s\n}", [((".",), ["log"])]),
    ("import x*\n. {\n}", [((".",), [])]),
    ("import x*", []),
    ("a,\nimport x*\nb {\n}", [(("a", "b"), [])]),
    (". {\n import x*\n}", [((".",), [])]),
]


def words(corefile: Corefile) -> list[tuple[tuple[str, ...], list[str]]]:
    return [
        (block.keys, [" ".join(token.text for token in each.tokens) for each in block.directives])
        for block in corefile.blocks
    ]


@pytest.mark.parametrize(("text", "error"), REFUSED)
def test_rejections_quote_the_message_of_coredns(text: str, error: str) -> None:
    fault = parse(text, AROUND).fault
    assert fault is not None
    assert fault.text.endswith(error)


@pytest.mark.parametrize(("text", "blocks"), ACCEPTED)
def test_blocks_and_directives_are_those_of_coredns(
    text: str, blocks: list[tuple[tuple[str, ...], list[str]]]
) -> None:
    corefile = parse(text, AROUND)
    assert corefile.fault is None
    assert words(corefile) == blocks


def test_any_directive_is_accepted_where_the_plugins_are_unknown() -> None:
    assert parse(". {\n fanout . 1.1.1.1\n}", Surroundings(directives=None)).fault is None


def test_a_fault_points_at_its_token_and_names_the_file_it_was_told() -> None:
    fault = parse(". {\n  nosuch\n}", Surroundings(filename="/etc/coredns/Corefile")).fault
    assert fault is not None
    assert fault.text.startswith("/etc/coredns/Corefile:2 - ")
    assert fault.token is not None
    assert (fault.token.start, fault.token.text) == (6, "nosuch")


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        (". {\n}", Ending.BRACE),
        (". {\n health {\n }", Ending.BORROWED),
        (".\nerrors\n}", Ending.LONE_BRACE),
        (".\nerrors", Ending.FILE),
        (".", Ending.FILE),
    ],
)
def test_a_block_says_how_it_ends(text: str, ending: Ending) -> None:
    block = parse(text).blocks[0]
    assert block.ending is ending
    assert (block.opening is not None) == text.startswith(". {")
    assert (block.closing is not None) == (ending in {Ending.BRACE, Ending.LONE_BRACE})


def test_items_keep_the_order_of_the_file_and_dropped_blocks_too() -> None:
    corefile = parse(
        "(s) {\n log\n}\nimport x*\n{\n errors\n}\n. {\n import s\n health {\n  import y\n }\n}\n}"
    )
    assert [type(item) for item in corefile.items] == [Snippet, Import, ServerBlock, ServerBlock, ServerBlock]
    assert [block.keys for block in corefile.dropped_blocks] == [()]
    assert [block.has_stray_brace for block in corefile.blocks] == [False, True]
    assert [found.kind for found in corefile.imports] == [
        ImportKind.UNSEEN,
        ImportKind.SNIPPET,
        ImportKind.UNSEEN,
    ]
    assert list(corefile.snippets) == ["s"]


def test_every_token_tells_where_it_comes_from() -> None:
    text = "(a) {\n log\n}\n(b) {\n import a\n}\n. {\n import b\n errors\n}"
    block = parse(text).blocks[0]
    log, errors = block.directives
    assert text[log.tokens[0].start : log.tokens[0].end] == "log"
    assert log.tokens[0].via is not None
    assert log.tokens[0].via.name == "a"
    assert log.tokens[0].via.outermost.name == "b"
    assert errors.tokens[0].via is None
    assert [entry.name for entry in block.body if isinstance(entry, Import)] == ["b", "a"]
    assert [entry.name for entry in block.body if isinstance(entry, Directive)] == ["log", "errors"]
    assert block.named("log") == (log,)
    assert block.imports[0].name == "b"


def test_a_variable_without_end_is_an_error_and_no_hang() -> None:
    for name in ("LOOP", "GROW"):
        fault = parse(f". {{\n errors {{${name}}}\n}}", AROUND).fault
        assert fault is not None
        assert fault.kind is FaultKind.LIMIT
        assert fault.text == f"Corefile:2 - limit: environment variable {{${name}}} expands without end"


def test_a_corefile_that_is_too_large_is_an_error() -> None:
    fault = parse("a " * 3_000_000).fault
    assert fault is not None
    assert fault.text == "limit: the Corefile has 6000000 characters, more than 4194304"


def test_imports_that_bring_too_much_are_an_error_and_no_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eksaddon.corefile.syntax.importer.MOST_TOKENS", 10_000)
    body = "\n".join(f" log {number}" for number in range(400))
    text = f"(a) {{\n{body}\n import b\n}}\n(b) {{\n import a\n}}\n. {{\n import a\n}}"
    fault = parse(text).fault
    assert fault is not None
    assert fault.text.endswith("limit: the imports bring more than 10000 words")


# tokens of one directive as the parser has them, then name, arguments and properties as the plugin sees them
DISPENSED = [
    ("errors stdout", [("errors", ["stdout"], [])]),
    (
        "health :8080 {\n lameduck 5s\n other a b\n}",
        [("health", [":8080"], [("lameduck", "5s"), ("other", "a", "b")])],
    ),
    ("health { lameduck 5s }", [("health", [], [("lameduck", "5s", "}")])]),
    ("health {\n} errors", [("health", [], []), ("errors", [], [])]),
    (
        "health\n{\n lameduck 5s\n}",
        [("health", [], []), ("{", [], []), ("lameduck", ["5s"], []), ("}", [], [])],
    ),
    ("health a {\n p {\n  q\n }\n}", [("health", ["a"], [("p",), ("{",), ("q",)]), ("}", [], [])]),
    ("health {\n p", [("health", [], [("p",)])]),
    ('health "a\nb" c\nd', [("health", ["a\nb", "c"], []), ("d", [], [])]),
]


@pytest.mark.parametrize(("text", "readings"), DISPENSED)
def test_a_directive_is_read_by_lines_as_plugins_do(
    text: str, readings: list[tuple[str, list[str], list[tuple[str, ...]]]]
) -> None:
    tokens = parse(f". {{\n{text}", Surroundings(directives=None)).tokens[2:]
    found = [
        (each.name.text, [arg.text for arg in each.args], [prop.words for prop in each.properties])
        for each in occurrences(tokens)
    ]
    assert found == readings


def test_a_snippet_imported_twice_in_a_row_is_one_line_to_its_plugin() -> None:
    block = parse("(s) {\n errors\n}\n. {\n import s\n import s\n}").blocks[0]
    assert [each.name for each in block.directives] == ["errors", "errors"]
    (found,) = occurrences(block.groups["errors"])
    assert [arg.text for arg in found.args] == ["errors"]


@given(st.binary(max_size=80))
def test_any_bytes_give_a_corefile_or_a_fault(data: bytes) -> None:
    corefile = parse(decode(data), AROUND)
    assert corefile.text == decode(data)


@given(
    st.lists(
        st.sampled_from(
            [". ", "a.org ", "{\n", "}\n", "errors ", "import s\n", "(s) {\n", "\n", "#c ", '"', "{$LF} "]
        ),
        max_size=30,
    )
)
def test_all_directives_of_a_block_are_in_its_groups(parts: list[str]) -> None:
    for block in parse("".join(parts), AROUND).blocks:
        assert sum(len(each.tokens) for each in block.directives) == sum(map(len, block.groups.values()))
