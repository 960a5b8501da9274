"""What a command imports: it pays for nothing that it does not use.

Counts of modules, since times of a shared machine say nothing. `cli/support/plain_values.py` reads options
without pydantic, `schema/conforming.py` recognises valid configurations without jsonschema.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass

import pytest

from tests.support.paths import ROOT

KUBERNETES = frozenset({"lightkube", "httpx2", "httpcore2", "msgspec", "yaml"})
NEVER = frozenset({"dns", "moto", "playwright"})
SCRIPT = """
import json, sys
from eksaddon.cli.main import run
code = run(sys.argv[1:])
sys.stderr.write("\\n" + json.dumps([code, sorted(sys.modules)]))
"""


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits of one command.

    Attributes:
        own: Modules of eksaddon, at most; the figure of the day it was set, and a tenth more.
        absent: Packages that it must not import.
    """

    args: tuple[str, ...]
    code: int
    own: int
    absent: frozenset[str]


HEAVY = KUBERNETES | {"rich", "pydantic", "botocore", "jinja2", "jsonschema", "ruamel"}
BUDGETS = {
    "--version": Budget(("--version",), 0, 30, HEAVY),
    "--help": Budget(("--help",), 0, 30, HEAVY),
    "plan --help": Budget(("plan", "--help"), 0, 58, HEAVY),
    "plan": Budget(
        ("plan", "--cluster", "prod", "--replicas", "3", "--no-live", "-q", "-o", "json"),
        0,
        402,
        (HEAVY | {"asyncio"}) - {"botocore"},
    ),
    "drift": Budget(
        ("drift", "--cluster", "prod", "--replicas", "2", "-q"), 0, 402, HEAVY - {"botocore", "rich"}
    ),
    "status": Budget(("status", "--cluster", "dev-1", "-o", "json"), 0, 385, HEAVY - {"botocore"}),
    "validate": Budget(
        ("validate", "--config", str(ROOT / "configs" / "fleet.yaml")),
        0,
        285,
        KUBERNETES | {"botocore", "jinja2"},
    ),
}


@pytest.mark.slow
@pytest.mark.usefixtures("stage")
@pytest.mark.parametrize("name", BUDGETS)
def test_a_command_imports_only_what_it_uses(name: str) -> None:
    budget = BUDGETS[name]
    found = subprocess.run(
        [sys.executable, "-c", SCRIPT, *budget.args],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    code, modules = json.loads(found.stderr.splitlines()[-1])
    own = [module for module in modules if module.partition(".")[0] == "eksaddon"]
    assert code == budget.code, found.stderr.splitlines()[:5]
    assert set(modules) & (budget.absent | NEVER) == set()
    assert len(own) <= budget.own, len(own)
