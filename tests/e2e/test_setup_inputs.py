"""Lint agrees with CoreDNS on the inputs of CoreDNS's own tests of plugin setup.

The inputs are taken from the sources of the release at test time; the verdict is that of the release itself,
since the tests rely on files and mocks that are not there.
"""

import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from eksaddon.corefile import decode
from eksaddon.corefile.lint.findings import Group
from eksaddon.corefile.lint.linter import lint
from eksaddon.domain.diagnostic import Severity
from tests.e2e.coredns_release import CHOSEN, Case, judged
from tests.e2e.test_lint_agrees import OUT_OF_SIGHT
from tests.support.corefile.versions import coredns_version

pytestmark = pytest.mark.e2e

ABOUT_STARTING = frozenset(Group) - {Group.RESOLUTION, Group.EKS}
MOST_MISSED = 20
ASKS_THE_NETWORK = frozenset({"azure", "clouddns", "etcd", "route53"})
"""Setup looks for a server."""
_LITERAL = re.compile(r"`([^`]*)`|\"((?:[^\"\\\n]|\\.)*)\"")


def sources(version: str) -> Path:
    """The module of the release, from the module cache or the proxy."""
    done = subprocess.run(
        ["go", "mod", "download", "-json", f"github.com/coredns/coredns@v{version}"],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    return Path(json.loads(done.stdout)["Dir"])


def inputs(version: str) -> Iterator[tuple[str, Case]]:
    """Each literal in a test of setup that begins with the plugin's name, in a server block of its own."""
    for path in sorted((sources(version) / "plugin").glob("*/*setup_test.go")):
        if path.parent.name in ASKS_THE_NETWORK:
            continue
        plugin = {"metrics": "prometheus"}.get(path.parent.name, path.parent.name)
        text = path.read_text(encoding="utf-8")
        for raw, quoted in _LITERAL.findall(text):
            body = raw or quoted.encode().decode("unicode_escape")
            if re.match(rf"\s*{plugin}(\s|$)", body):
                yield plugin, Case(f".:1053 {{\n{body}\n}}\n".encode())


@pytest.fixture
def go() -> None:
    try:
        subprocess.run(["go", "version"], capture_output=True, check=True)
    except OSError:
        pytest.skip("NOT TESTED against the setup tests of CoreDNS: Go is needed to fetch them")


@pytest.mark.usefixtures("go")
@pytest.mark.parametrize("version", CHOSEN)
def test_lint_and_coredns_agree_on_the_inputs_of_its_own_tests(version: str, tmp_path: Path) -> None:
    found = list(inputs(version))
    verdicts = judged([case for _, case in found], tmp_path, version)
    number = coredns_version(version)
    false, missed, matrix = [], [], Counter[tuple[bool, bool]]()
    for (plugin, case), verdict in zip(found, verdicts, strict=True):
        findings = lint(decode(case.corefile), version=number, groups=ABOUT_STARTING)
        errors = [one.rule for one in findings if one.severity is Severity.ERROR]
        matrix[verdict.ok, bool(errors)] += 1
        if verdict.ok and errors:
            false.append((plugin, errors, case.corefile))
        is_out_of_sight = any(re.search(words, verdict.error) for words in OUT_OF_SIGHT.values())
        if not verdict.ok and not errors and not is_out_of_sight:
            missed.append((plugin, verdict.error, case.corefile))
    print(version, matrix, Counter(plugin for plugin, *_ in missed), *missed, sep="\n")  # noqa: T201
    assert false == []
    assert len(missed) < MOST_MISSED
    assert len(found) > 400
