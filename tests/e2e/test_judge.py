"""The judge and the server say the same of a Corefile, so that the judge may speak for the server."""

import asyncio
from pathlib import Path

import pytest

from eksaddon.app.runtime import SystemClock
from eksaddon.domain.errors import EksdnsError
from eksaddon.probe.ask import Question, asking
from eksaddon.probe.coredns import LOOPBACK, free_port, running
from tests.e2e.collection import collected
from tests.e2e.coredns_release import CURRENT, OLD, Case, coredns, judged

pytestmark = pytest.mark.e2e

COREFILES = {
    "accepted": ".:PORT {\n bind 127.0.0.1\n whoami\n health 127.0.0.1:0 {\n  lameduck 1s\n }\n}\n",
    "accepted without braces": ".:PORT\nbind 127.0.0.1\nwhoami\n",
    "accepted with one brace too many": ".:PORT {\n bind 127.0.0.1\n whoami\n}\n}\n",
    "unknown directive": ".:PORT {\n whoareyou\n}\n",
    "no closing brace": ".:PORT {\n whoami\n",
    "brace on the directive's line": ".:PORT { whoami }\n",
    "health on one line": ".:PORT {\n whoami\n health { lameduck 1s }\n}\n",
    "lameduck without a unit": ".:PORT {\n whoami\n health {\n  lameduck 5\n }\n}\n",
    "health address without a colon": ".:PORT {\n whoami\n health 8080\n}\n",
    "unknown property": ".:PORT {\n whoami\n health {\n  lameduk 5s\n }\n}\n",
    "cache twice": ".:PORT {\n whoami\n cache 30\n cache 40\n}\n",
    "reload too often": ".:PORT {\n whoami\n reload 1s\n}\n",
    "the same zone twice": ".:PORT {\n whoami\n}\n.:PORT {\n whoami\n}\n",
    "comma without a key": "a.invalid:PORT, {\n whoami\n}\n",
    "snippet defined twice": "(s) {\n whoami\n}\n(s) {\n whoami\n}\n.:PORT {\n import s\n}\n",
}


RECORDED_ELSEWHERE = {"plugin-not-built", "environment"}
"""What was recorded of these is managed by another build, or to another machine's files and network."""


def said_by_the_server(version: str, corefile: str, port: int) -> str:
    """Its last words if it refuses the Corefile; empty if it serves it."""
    ask = asking(Question(LOOPBACK, port, "eksdns.invalid."))

    async def start() -> None:
        async with running(coredns(version), corefile, ask, SystemClock()):
            pass

    try:
        asyncio.run(start())
    except EksdnsError as error:
        return error.message
    return ""


@pytest.mark.parametrize("version", [CURRENT, OLD])
@pytest.mark.parametrize("name", COREFILES)
def test_judge_and_server_agree(name: str, version: str, tmp_path: Path) -> None:
    port = free_port()
    corefile = COREFILES[name].replace("PORT", str(port))
    (verdict,) = judged([Case(corefile.encode())], tmp_path, version)
    said = said_by_the_server(version, corefile, port)
    assert verdict.ok == (not said) == name.startswith("accepted")
    assert said.endswith(verdict.error)


def test_the_recorded_results_of_the_collection_are_reproduced(tmp_path: Path) -> None:
    sources = [source for source in collected() if source.kind not in RECORDED_ELSEWHERE]
    verdicts = judged([source.case for source in sources], tmp_path)
    assert [
        source.id for source, verdict in zip(sources, verdicts, strict=True) if source.error != verdict.error
    ] == []
