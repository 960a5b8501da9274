"""What CoreDNS accepts, it accepts with the desired settings and server blocks in it."""

import os
from pathlib import Path

import pytest

from eksaddon.corefile.desired.apply import NotApplied, apply_desired
from eksaddon.corefile.lint.start import start_errors
from eksaddon.corefile.syntax.tokens import decode, encode
from eksaddon.domain.corefile.desired import CorefileSetting, DesiredCorefile, DesiredServer
from tests.e2e.collection import collected
from tests.e2e.coredns_release import CHOSEN, Case, judged
from tests.support.corefile.versions import coredns_version

pytestmark = pytest.mark.e2e

SHARE = int(os.environ.get("EKSDNS_E2E_SHARE", "16"))
"""Uses every n-th collected Corefile; all of them take minutes."""

SERVERS = (
    DesiredServer(
        "corp",
        ("corp.eksdns.example:53", "77.in-addr.arpa:53"),
        ("10.0.0.10", "10.0.0.11:5353"),
        30,
        (
            CorefileSetting("cache.serve_stale", words=True),
            CorefileSetting("forward.policy", ("sequential",)),
        ),
    ),
    DesiredServer("lab", ("lab.eksdns.example:53",), ("10.1.0.10",), 0),
)
SETTINGS = (
    CorefileSetting('".:53".cache.serve_stale', ("1h",)),
    CorefileSetting('".:53".cache.ttl', ("41",)),
    CorefileSetting('".:53".errors', words=True),
    CorefileSetting('".:53".loadbalance.policy', ("round_robin",)),
    CorefileSetting('".:53".log', words=False),
    CorefileSetting('".:53".prometheus.address', (":9153",)),
    CorefileSetting('".:53".reload.interval', ("41s",)),
)
WANTED = (
    DesiredCorefile(servers=SERVERS),
    DesiredCorefile(settings=SETTINGS),
    DesiredCorefile(settings=SETTINGS, servers=SERVERS),
    *(DesiredCorefile(settings=(one,)) for one in SETTINGS),
)


@pytest.mark.parametrize("version", CHOSEN)
def test_an_accepted_corefile_is_accepted_with_the_desired_settings(version: str, tmp_path: Path) -> None:
    sources = [source.case.corefile for source in collected("ok") if not source.case.env][::SHARE]
    verdicts = judged([Case(source) for source in sources], tmp_path, version)
    accepted = [decode(one) for one, verdict in zip(sources, verdicts, strict=True) if verdict.ok]
    number = coredns_version(version)
    results = [
        found
        for text in accepted
        for wanted in WANTED
        if not isinstance(found := apply_desired(text, wanted), NotApplied)
        and found != text
        and not start_errors(found, number)
    ]
    assert len(results) > 4 * len(accepted)
    errors = judged([Case(encode(text)) for text in results], tmp_path, version)
    refused = [(text, one.error) for text, one in zip(results, errors, strict=True) if not one.ok]
    print(len(accepted), len(results), len(refused))  # noqa: T201  # the numbers are worth reading
    assert refused == []
