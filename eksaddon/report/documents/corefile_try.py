"""Results of `corefile try` as text and as a JSON document."""

from collections.abc import Iterator
from typing import Annotated, Literal, assert_never

from eksaddon.domain.document import Version, as_json
from eksaddon.domain.json import SCHEMA_VERSION, JsonObject
from eksaddon.domain.printable import on_one_line
from eksaddon.domain.probing.trial import DidNotStart, Started, Trial
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class AnswerView:
    name: str
    type: str
    stock: Annotated[bool, "A query of every cluster; the others come from --query."]
    udp: Annotated[str, "Rcode, `no records` or `no answer`."]
    tcp: str
    failed: bool


@dataclass(frozen=True, slots=True)
class TrialView:
    started: bool
    reason: Annotated[str, "Why CoreDNS did not start; empty if it did."]
    answers: tuple[AnswerView, ...]
    replaced: Annotated[tuple[str, ...], "What was replaced by stand-ins or omitted."]


@dataclass(frozen=True, slots=True)
class TryDocument:
    schema_version: Version
    kind: Literal["corefileTry"]
    file: str
    coredns: Annotated[str, "Version of the binary."]
    ok: Annotated[bool, "Whether nothing fails, or with --before nothing that did not fail before."]
    failures: tuple[str, ...]
    after: TrialView
    before: Annotated[TrialView | None, "Null without --before."]


def try_document(
    file: str, coredns: str, failures: tuple[str, ...], after: Trial, before: Trial | None
) -> JsonObject:
    old = None if before is None else _view(before)
    return as_json(
        TryDocument(SCHEMA_VERSION, "corefileTry", file, coredns, not failures, failures, _view(after), old)
    )


def _view(trial: Trial) -> TrialView:
    match trial:
        case Started(asked=asked, replaced=replaced):
            answers = tuple(
                AnswerView(
                    each.query.name, each.query.type, each.query.is_stock, each.udp, each.tcp, each.is_failed
                )
                for each in asked
            )
            return TrialView(started=True, reason="", answers=answers, replaced=replaced)
        case DidNotStart(reason=reason, replaced=replaced):
            return TrialView(started=False, reason=reason, answers=(), replaced=replaced)
        case _:
            assert_never(trial)


def try_lines(
    file: str, coredns: str, failures: tuple[str, ...], after: Trial, before: Trial | None
) -> Iterator[str]:
    """Lines for the terminal: each answer, before and after, then the verdict."""
    yield f"{on_one_line(file)} in CoreDNS {coredns}"
    yield from (f"  {on_one_line(note)}" for note in after.replaced)
    match after:
        case Started(asked=asked):
            old = {one.query: one.text for one in before.asked} if isinstance(before, Started) else {}
            width = max(len(str(one.query)) for one in asked)
            for one in asked:
                was = old.get(one.query, one.text)
                change = f"  (before: {was})" if was != one.text else ""
                mark = "x" if one.is_failed else " "
                yield f"  {mark} {on_one_line(str(one.query)):<{width}}  {one.text}{change}"
        case DidNotStart(reason=reason):
            yield f"  x does not start: {on_one_line(reason)}"
        case _:
            assert_never(after)
    if isinstance(before, DidNotStart):
        yield f"  before: does not start: {on_one_line(before.reason)}"
    count = "1 failure" if len(failures) == 1 else f"{len(failures)} failures"
    yield f"{count} with the change" if before is not None else count
