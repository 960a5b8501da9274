"""What `eksdns emit` prints, before the parsers of the tools: HashiCorp's HCL, cfn-lint, eksctl's schema."""

import functools
import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from eksaddon.report.emit.emission import Form
from eksaddon.report.emit.forms import emit
from tests.support.emitted.texts import TEXTS, of

pytestmark = pytest.mark.e2e

CFN_LINT = Path(sys.executable).with_name("cfn-lint")
EKSCTL = "github.com/weaveworks/eksctl@v0.215.0"
NO_GO = 69


def skip_without_go() -> None:
    if os.environ.get("EKSDNS_E2E_REQUIRED") != "1":
        pytest.skip("NOT TESTED against the real parsers: Go is needed")


@functools.cache
def reader() -> str:
    script = Path(__file__).with_name("build_hcl_reader.sh")
    done = subprocess.run([script], capture_output=True, text=True, timeout=1800, check=False)
    if done.returncode == NO_GO:
        skip_without_go()
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


def test_terraform_reads_the_same_values() -> None:
    sources = [emit(Form.TERRAFORM, of(text)) for text in TEXTS]
    done = subprocess.run([reader()], input=json.dumps(sources), capture_output=True, text=True, check=True)
    read = json.loads(done.stdout)
    assert [json.loads(each) for each in read] == [of(text).tree for text in TEXTS]


def test_cfn_lint_has_no_complaint(tmp_path: Path) -> None:
    files = []
    for number, text in enumerate(TEXTS):
        files.append(tmp_path / f"{number}.yaml")
        files[-1].write_text(emit(Form.CLOUDFORMATION, of(text)), encoding="utf-8")
    done = subprocess.run([CFN_LINT, *files], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_eksctl_knows_every_key() -> None:
    try:
        done = subprocess.run(
            ["go", "mod", "download", "-json", EKSCTL],
            capture_output=True,
            text=True,
            timeout=600,
            check=True,
        )
    except FileNotFoundError:
        skip_without_go()
        raise
    folder = Path(json.loads(done.stdout)["Dir"])
    schema = json.loads((folder / "pkg/apis/eksctl.io/v1alpha5/assets/schema.json").read_text())
    validator = jsonschema.Draft7Validator({**schema, "$schema": "http://json-schema.org/draft-07/schema#"})
    for text in TEXTS:
        document = YAML(typ="safe", pure=True).load(emit(Form.EKSCTL, of(text)))
        assert [error.message for error in validator.iter_errors(document)] == []
        document["addons"][0]["configurationValue"] = ""
        assert not validator.is_valid(document)
