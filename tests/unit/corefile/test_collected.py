"""Every Corefile of the collection, compared with what CoreDNS said about it."""

from collections import Counter

import pytest

from eksaddon.corefile import (
    STOCK_DIRECTIVES,
    Corefile,
    Edited,
    FaultKind,
    Health,
    NoFiles,
    Reason,
    Surroundings,
    decode,
    encode,
    find_serving_fault,
    format_duration,
    lameducks,
    lex,
    parse,
    pieces,
    set_lameduck,
    shown,
)
from tests.support.corefile.collected import Entry, collected

pytestmark = pytest.mark.slow


ASKED = "17s"
NANOSECONDS = 17_000_000_000


@pytest.fixture(scope="module", name="entries")
def all_entries() -> tuple[Entry, ...]:
    return collected()


def surroundings(entry: Entry, *, stock: bool) -> Surroundings:
    return Surroundings(
        files=NoFiles(), environment=entry.env, directives=STOCK_DIRECTIVES if stock else None
    )


def error(corefile: Corefile) -> str:
    """The parser's; the zones are looked at later."""
    fault = corefile.fault
    return "" if fault is None or fault.kind is FaultKind.KEY else fault.text


def test_tokens_and_lines_are_coredns_own_and_no_character_is_lost(entries: tuple[Entry, ...]) -> None:
    for entry in entries:
        tokens = lex(entry.text)
        assert "".join(pieces(entry.text, tokens)) == entry.text
        assert decode(encode(entry.text)) == entry.text
        assert [(token.line, token.text) for token in tokens] == [
            (n, shown(text)) for n, text in entry.tokens
        ]


@pytest.mark.parametrize("stock", [False, True])
def test_errors_of_the_parser_are_coredns_own(entries: tuple[Entry, ...], stock: bool) -> None:
    wrong = [
        (entry.number, found, wanted)
        for entry in entries
        for wanted in [entry.stock_error if stock else entry.error]
        for found in [error(parse(entry.text, surroundings(entry, stock=stock)))]
        if found != wanted
    ]
    assert wrong == []


def test_keys_and_directives_of_each_block_are_coredns_own(entries: tuple[Entry, ...]) -> None:
    for entry in entries:
        corefile = parse(entry.text, surroundings(entry, stock=False))
        if entry.error:
            continue
        found = [
            (
                block.keys,
                [(name, [(t.line, t.text) for t in group]) for name, group in sorted(block.groups.items())],
            )
            for block in corefile.blocks
        ]
        assert found == [
            (keys, [(group.name, list(group.tokens)) for group in groups]) for keys, groups in entry.blocks
        ], entry.number


def test_faults_in_keys_zones_and_health_are_coredns_own_first_ones(entries: tuple[Entry, ...]) -> None:
    for entry in entries:
        corefile = parse(entry.text, surroundings(entry, stock=True))
        fault = corefile.fault or lameducks(corefile).fault or find_serving_fault(corefile)
        if fault is not None:
            assert fault.text == entry.setup_error, entry.number
        assert fault is not None or not entry.setup_error.startswith(("cannot serve", "error inspecting"))
        assert fault is not None or not entry.setup_error.startswith("plugin/health:")


def test_each_block_has_the_lameduck_that_coredns_set_up(entries: tuple[Entry, ...]) -> None:
    for entry in entries:
        if entry.kind != "ok":
            continue
        found = lameducks(parse(entry.text, surroundings(entry, stock=True)))
        assert entry.healths == tuple(
            f'health block={number} addr="{block.health.address}" '
            f"lameduck={format_duration(block.health.nanoseconds)}"
            for number, block in enumerate(found.blocks)
            if isinstance(block.health, Health)
        )


def test_setting_the_lameduck_of_any_block_works_or_is_refused_with_a_reason(
    entries: tuple[Entry, ...],
) -> None:
    counts: Counter[str] = Counter()
    for entry in entries:
        if entry.kind != "ok":
            continue
        around = surroundings(entry, stock=True)
        for number in range(1, len(parse(entry.text, around).blocks) + 1):
            counts[outcome(entry.text, f"#{number}", number - 1, around)] += 1
    assert counts == {"edited": 837, Reason.STRUCTURE.value: 2}


def outcome(text: str, selector: str, at: int, around: Surroundings) -> str:
    edited = set_lameduck(text, ASKED, block=selector, surroundings=around)
    if not isinstance(edited, Edited):
        return edited.reason.value
    assert edited.is_changed
    assert edited.lameducks_after.blocks[at].nanoseconds == NANOSECONDS
    again = set_lameduck(edited.text, ASKED, block=selector, surroundings=around)
    assert isinstance(again, Edited)
    assert not again.is_changed
    return "edited"
