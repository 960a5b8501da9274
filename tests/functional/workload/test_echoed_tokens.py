"""A server that echoes the Authorization header: the token is in no stream and in no file of any command."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from eksaddon.kube.network import replies
from eksaddon.report.format import Format
from eksaddon.sim.http.messages import Delivery, Reply, Request
from eksaddon.sim.kubernetes.dispatcher import is_addressed
from tests.support.walkthrough import Shell, run_on_record, shell

SCENARIO = """
version: 1
pace: {update: [0, 0]}
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
clusters: [{name: "shop-{n}", count: 2, region: eu-west-1, addon: v1.11.4-eksbuild.51}]
"""
FLEET = """
version: 1
coredns: {lameduck: 20s, terminationGracePeriod: 45s}
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
"""
REPORTS = tuple(f"--report={each}=report-{{}}.{each}" for each in Format if each is not Format.GITHUB)


def status(token: str, code: int) -> Reply:
    document = {"kind": "Status", "code": code, "message": f"denied: {token}", "reason": token}
    return Reply(code, json.dumps(document).encode(), "application/json")


ECHOES = {
    "forbidden": lambda token: status(token, 403),
    "invalid": lambda token: status(token, 422),
    "broken": lambda token: status(token, 500),
    "page": lambda token: Reply(200, f"<html>{token}</html>".encode(), "text/html"),
    "text": lambda token: Reply(502, token.encode(), "text/plain"),
}


@dataclass(slots=True)
class Echo:
    """What a proxy in front of every cluster received.

    Attributes:
        is_on: Whether it answers instead of the clusters.
        only_writes: It lets reads and dry runs through.
    """

    kind: str
    is_on: bool = True
    only_writes: bool = False
    tokens: set[str] = field(default_factory=set)
    echoed: int = 0

    def answers(self, request: Request) -> bool:
        is_write = request.method == "PATCH" and "dryRun" not in request.target
        return self.is_on and is_addressed(request) and (is_write or not self.only_writes)


@contextmanager
def stage(tmp_path: Path, echo: Echo) -> Iterator[Shell]:
    (tmp_path / "fleet.yaml").write_text(FLEET)
    (tmp_path / "scenario.yaml").write_text(SCENARIO)
    with shell(tmp_path / "fleet.yaml", tmp_path / "scenario.yaml") as here:
        handle = here.world.handle

        def answer(request: Request) -> Delivery:
            token = request.headers.get("authorization", "").removeprefix("Bearer ")
            if is_addressed(request):
                echo.tokens.add(token)
            if echo.answers(request):
                echo.echoed += 1
                return Delivery(ECHOES[echo.kind](token))
            return handle(request)

        here.world.handle = answer  # type: ignore[method-assign]  # the one door of the world
        yield here


def leaks(text: str, tokens: set[str]) -> bool:
    """Whether a token is in it, or a piece that is long enough to be more than its common beginning.

    Tables wrap lines, and messages are cut.
    """
    joined = "".join(text.split())
    return any(piece in joined for token in tokens for piece in (token[40:80], token[80:120], token[-60:]))


def written() -> Iterator[tuple[str, str]]:
    """Every file of the folder and of the state."""
    for path in Path().rglob("*"):
        if path.is_file():
            yield str(path), path.read_text(encoding="utf-8", errors="replace")


def commands(here: Shell, *lines: str) -> str:
    """Type them all; what they printed."""
    shown = ""
    for number, line in enumerate(lines):
        words = [run_on_record().stem if word == "RUN" else word.format(number) for word in line.split()]
        shown += here.type(*words)[1]
    return shown


READING = (
    f"plan --all --out plan.json {' '.join(REPORTS)}",
    "plan --all -o json --allow-unverified-workload",
    f"drift --all --live {' '.join(REPORTS)}",
    f"status --all --live {' '.join(REPORTS)}",
    "doctor --all",
    "doctor --all -o json",
    "apply --all --yes --events events.jsonl",
    "apply --all --yes --allow-unverified-workload --events events.jsonl -o json",
)
WRITING = (
    f"apply --all --yes --events events.jsonl {' '.join(REPORTS)}",
    "show RUN",
    "history RUN -o json",
    "resume RUN --events events.jsonl",
    "retry RUN --yes --events events.jsonl -o json",
    "rollback RUN --yes",
)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ECHOES)
@pytest.mark.parametrize(
    ("lines", "only_writes"), [(READING, False), (WRITING, True)], ids=["reads", "writes"]
)
def test_no_stream_and_no_file_has_the_token(
    tmp_path: Path, kind: str, lines: tuple[str, ...], *, only_writes: bool
) -> None:
    echo = Echo(kind, only_writes=only_writes)
    with stage(tmp_path, echo) as here:
        shown = commands(here, *lines)
        assert echo.echoed > 0
        assert not leaks(shown, echo.tokens)
        files = dict(written())
        assert len(files) > len(REPORTS)
        assert [name for name, text in files.items() if leaks(text, echo.tokens)] == []


def test_the_scan_finds_a_token_that_is_not_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replies, "_without_token", lambda body, _: body)
    echo = Echo("forbidden")
    with stage(tmp_path, echo) as here:
        shown = commands(here, "plan --all --report=json=report.json")
        assert leaks(shown, echo.tokens)
        assert [name for name, text in written() if leaks(text, echo.tokens)] == ["report.json"]
