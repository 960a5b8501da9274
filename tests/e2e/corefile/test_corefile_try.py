"""`corefile try` says of real CoreDNS what lint says without it."""

import asyncio

import pytest

from eksaddon.app.runtime import SystemClock
from eksaddon.domain.probing.trial import DidNotStart, Started, TrialQuery, new_failures
from eksaddon.probe.trial.trial import CoreDns, version_of
from eksaddon.schema import DefaultCorefile, default_corefile, parse_version
from tests.e2e.coredns_release import CURRENT, OLD, coredns

pytestmark = pytest.mark.e2e

HOSTS = "hosts {\n        10.0.0.7 db.corp.internal\n    }\n    errors"
QUERY = TrialQuery("db.corp.internal.", "A")


def stock() -> str:
    found = default_corefile(parse_version("v1.11.4-eksbuild.28"))
    assert isinstance(found, DefaultCorefile)
    return found.text


@pytest.mark.parametrize("version", [CURRENT, OLD])
def test_a_dead_corefile_is_seen_before_it_is_applied(version: str) -> None:
    text = stock()

    async def run() -> None:
        binary = coredns(version)
        assert await version_of(binary) == version
        trial = CoreDns(binary, SystemClock())
        before = await trial.try_corefile(text, [QUERY])
        assert isinstance(before, Started)
        assert before.failed == ()
        assert len(before.asked) == 6
        hosts = await trial.try_corefile(text.replace("errors", HOSTS, 1), [QUERY])
        failures = new_failures(before, hosts)
        assert "example.com A gets SERVFAIL" in failures
        assert not any("db.corp.internal" in one for one in failures)
        loop = await trial.try_corefile(text.replace("/etc/resolv.conf", "127.0.0.1"))
        assert isinstance(loop, DidNotStart)
        assert "plugin/loop" in loop.reason
        elsewhere = await trial.try_corefile(text.replace(".:53", ".:5353"))
        assert isinstance(elsewhere, DidNotStart)

    asyncio.run(run())
