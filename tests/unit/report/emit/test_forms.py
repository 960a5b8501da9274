"""Every form gives the same values back to a reader of its format, whatever is in a Corefile."""

import json
import re
import shlex
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.json import Json
from eksaddon.report.emit.emission import Emission, Form
from eksaddon.report.emit.forms import FORMS, emit
from eksaddon.report.emit.quoting import hcl, hcl_string, yaml_text
from tests.support.emitted.texts import REF, TEXTS, of
from tests.support.examples import examples


def yaml_of(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(StringIO(text))


def unescaped(text: str) -> str:
    """What HCL makes of the inside of a quoted template or of a heredoc."""
    return text.replace("$${", "${").replace("%%{", "%{")


def hcl_text(source: str) -> str:
    """Read one string expression back; the real parser reads the same ones in the tests with peers."""
    if source.startswith("<<COREFILE\n"):
        return unescaped(source.removeprefix("<<COREFILE\n").removesuffix("COREFILE"))
    found = re.sub(r"\\U([0-9a-f]{8})", lambda m: chr(int(m[1], 16)), source)
    return unescaped(json.loads(found))


@pytest.mark.parametrize("text", TEXTS)
def test_strings_of_hcl_and_yaml_keep_every_sign(text: str) -> None:
    assert hcl_text(hcl_string(text)) == text
    assert hcl_text(hcl(text)) == text
    assert yaml_of(f"a:\n  b: {yaml_text(text, 1)}\n  c: 1\n") == {"a": {"b": text, "c": 1}}


@examples(60)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_any_text_survives(text: str) -> None:
    assert hcl_text(hcl(text)) == text
    assert yaml_of(f"a:\n  b: {yaml_text(text, 1)}\n") == {"a": {"b": text}}


def test_values_of_every_kind_have_an_expression() -> None:
    value: dict[str, Json] = {"a": None, "b": True, "c": 1.5, "d": [], "e": {}}
    value |= {"f": ["x\ny\n", {"g": 2}], "h-i": "${x}"}
    assert hcl(value) == (
        '{\n  "a" = null\n  "b" = true\n  "c" = 1.5\n  "d" = []\n  "e" = {}\n'
        '  "f" = [\n    "x\\ny\\n",\n    {\n      "g" = 2\n    },\n  ]\n  "h-i" = "$${x}"\n}'
    )


YAML_PLACES = {
    Form.CLOUDFORMATION: ("Resources", "CoreDnsAddon", "Properties", "ConfigurationValues"),
    Form.ACK: ("spec", "configurationValues"),
    Form.CROSSPLANE: ("spec", "forProvider", "configurationValues"),
    Form.EKSCTL: ("addons", 0, "configurationValues"),
}


@pytest.mark.parametrize("corefile", TEXTS)
@pytest.mark.parametrize("form", YAML_PLACES)
def test_forms_in_yaml_hold_the_text_that_eks_stores(form: Form, corefile: str) -> None:
    found = yaml_of(emit(form, of(corefile)))
    for step in YAML_PLACES[form]:
        found = found[step]
    assert found == of(corefile).text


@pytest.mark.parametrize("corefile", TEXTS)
@pytest.mark.parametrize("form", [Form.CDK, Form.PULUMI])
def test_scripts_hold_the_values_as_an_object(form: Form, corefile: str) -> None:
    written = emit(form, of(corefile))
    literal = written.partition("JSON.stringify(")[2].rpartition("),\n});")[0]
    assert json.loads(literal) == of(corefile).tree


@pytest.mark.parametrize("corefile", TEXTS)
def test_the_command_line_passes_the_text(corefile: str) -> None:
    written = emit(Form.AWSCLI, of(corefile)).partition("\n")[2]
    words = shlex.split(written)
    assert words[words.index("--configuration-values") + 1] == of(corefile).text
    assert "--addon-version" not in words


@pytest.mark.parametrize("form", Form)
def test_every_form_names_the_cluster_the_mode_and_what_it_cannot_set(form: Form) -> None:
    one = of(None, resolve_conflicts=ResolveConflicts.PRESERVE, left_out=("preStop 5s", "x 1"))
    written = emit(form, one)
    assert "Shop_1" in written
    assert "preserve" in written.lower()
    assert "preStop 5s, x 1" in written.splitlines()[1]
    assert set(FORMS) == set(Form)


@pytest.mark.parametrize("form", Form)
def test_no_values_are_an_empty_object(form: Form) -> None:
    written = emit(form, Emission(REF, "v1", "", {}))
    assert "{}" in written
