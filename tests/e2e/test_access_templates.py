"""The templates in configs/access before cfn-lint."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT

pytestmark = pytest.mark.e2e

FOLDER = ROOT / "configs" / "access"
CFN_LINT = Path(sys.executable).with_name("cfn-lint")


@pytest.mark.parametrize("name", ["hub.yaml", "members.yaml"])
def test_cfn_lint_has_no_complaint(name):
    done = subprocess.run([CFN_LINT, FOLDER / name], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
