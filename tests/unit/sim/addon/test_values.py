"""The validator's words are those that EKS is quoted with."""

from collections.abc import Mapping
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.sim.addon.schemas import packaged
from eksaddon.sim.addon.values import Checker, ValuesError, parse
from tests.support.examples import examples

VERSION = "v1.13.2-eksbuild.21"
FAILED = "Json schema validation failed with error: "
NOT_DEFINED = "is not defined in the schema and the schema does not allow additional properties"


@pytest.fixture(scope="module")
def checker():
    return Checker(packaged)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('{"x": 1}', f"[$.x: {NOT_DEFINED}]"),
        ('{"b": 1, "a": 2}', f"[$.b: {NOT_DEFINED}, $.a: {NOT_DEFINED}]"),
        ("null", "[$: null found, object expected]"),
        ("3", "[$: integer found, object expected]"),
        ("true", "[$: boolean found, object expected]"),
        ("1.5", "[$: number found, object expected]"),
        ("[]", "[$: array found, object expected]"),
        ("text", "[$: string found, object expected]"),
        ('{"replicaCount": "3"}', "[$.replicaCount: string found, integer expected]"),
        ('{"affinity": "a"}', "[$.affinity: string found, [object, null] expected]"),
        ('{"tolerations": [1]}', "[$.tolerations[0]: integer found, object expected]"),
        ('{"autoScaling": {}}', "[$.autoScaling.enabled: is missing but it is required]"),
        (
            '{"autoScaling": {"enabled": true, "minReplicas": 1}}',
            "[$.autoScaling.minReplicas: must have a minimum value of 2]",
        ),
        (
            '{"autoScaling": {"enabled": true, "maxReplicas": 1001}}',
            "[$.autoScaling.maxReplicas: must have a maximum value of 1000]",
        ),
        (
            '{"annotationTopologyMode": "auto"}',
            "[$.annotationTopologyMode: does not have a value in the enumeration [Disabled, Auto]]",
        ),
        (
            '{"podDisruptionBudget": {"maxUnavailable": "x"}}',
            "[$.podDisruptionBudget.maxUnavailable: does not match the regex pattern .*%$, {}]".format(
                "$.podDisruptionBudget.maxUnavailable: string found, integer expected"
            ),
        ),
    ],
)
def test_a_misfit_is_reported_with_its_path(checker, text, complaint):
    with pytest.raises(ValuesError) as caught:
        checker.check(VERSION, text)
    assert str(caught.value) == FAILED + complaint


@pytest.mark.parametrize("text", ["a: [", "{", '{"a": 1', "a: b: c", "\t- x", "a\0b"])
def test_a_document_that_is_neither_json_nor_yaml_is_refused(checker, text):
    with pytest.raises(ValuesError, match="it is neither JSON nor YAML"):
        checker.check(VERSION, text)


def test_keys_of_any_kind_are_refused_and_do_not_crash(checker):
    with pytest.raises(ValuesError, match=NOT_DEFINED):
        checker.check(VERSION, "1: 2\n2026-01-01: 3\n")


def test_a_date_is_not_an_integer(checker):
    with pytest.raises(ValuesError, match=r"\$.replicaCount: string found"):
        checker.check(VERSION, "replicaCount: 2026-01-01")


def test_a_date_is_text_as_in_json():
    assert parse("podLabels: {d: 2026-01-01}").keys == {"podLabels": {"d": "2026-01-01"}}


@pytest.mark.parametrize("text", ["podLabels: !!set {a}", "podLabels: !!binary aGk="])
def test_what_json_does_not_have_is_rejected(text):
    with pytest.raises(ValuesError, match="neither JSON nor YAML"):
        parse(text)


@pytest.mark.parametrize("text", [None, "", " \n", "{}", "# nothing"])
def test_nothing_sets_nothing(text):
    if text == "# nothing":
        with pytest.raises(ValuesError, match="null found"):
            parse(text)
    else:
        assert parse(text).keys == {}


def test_json_and_yaml_mean_the_same():
    assert parse("replicaCount: 3\n") == parse('{"replicaCount": 3}')


@given(st.text(max_size=60))
@examples(60)
def test_no_text_crashes_the_parser(text):
    with suppress(ValuesError):
        assert isinstance(parse(text).keys, Mapping)


def test_a_version_that_would_only_be_assumed_is_unknown():
    assert packaged("v1.11.4-eksbuild.9999") is None
    assert packaged("not a version") is None
