"""What the schema of Ant's JUnitReport asks of a file, as a check of elements, attributes and counts."""

import re
from xml.etree import ElementTree as ET

INT = re.compile(r"[0-9]+")
DECIMAL = re.compile(r"[0-9]+(\.[0-9]+)?")
TOKEN = re.compile(r"\S(.*\S)?", re.DOTALL)
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")
TEXT = re.compile(r".*", re.DOTALL)

SUITE = {
    "name": TOKEN,
    "timestamp": TIME,
    "hostname": TOKEN,
    "tests": INT,
    "failures": INT,
    "errors": INT,
    "time": DECIMAL,
    "package": TEXT,
    "id": INT,
}
CASE = {"name": TEXT, "classname": TEXT, "time": DECIMAL}
RESULT = {"type": TEXT}
RESULTS = {"skipped", "error", "failure"}


def check_junit(text: str) -> ET.Element:
    """Parse and check the file; an assertion fails where it breaks the schema."""
    root = ET.fromstring(text.encode("utf-8"))
    assert root.tag == "testsuites"
    assert not root.attrib
    for number, suite in enumerate(root):
        _check_suite(suite, number)
    return root


def _check_suite(suite: ET.Element, number: int) -> None:
    assert suite.tag == "testsuite"
    _check_attributes(suite, SUITE, {"skipped": INT})
    assert suite.get("id") == str(number)
    tags = [child.tag for child in suite]
    cases = [child for child in suite if child.tag == "testcase"]
    assert tags == ["properties", *["testcase"] * len(cases), "system-out", "system-err"]
    for case in cases:
        _check_case(case)
    found = [child.tag for case in cases for child in case]
    counts = {"tests": len(cases), "failures": found.count("failure"), "errors": found.count("error")}
    assert {name: int(suite.get(name, "")) for name in counts} == counts
    assert int(suite.get("skipped", "0")) == found.count("skipped")


def _check_case(case: ET.Element) -> None:
    _check_attributes(case, CASE, {})
    assert len(case) <= 1
    for child in case:
        assert child.tag in RESULTS
        required = {} if child.tag == "skipped" else RESULT
        _check_attributes(child, required, {"message": TEXT})


def _check_attributes(
    element: ET.Element, required: dict[str, re.Pattern[str]], optional: dict[str, re.Pattern[str]]
) -> None:
    assert set(required) <= set(element.attrib) <= set(required) | set(optional)
    for name, value in element.attrib.items():
        assert (required | optional)[name].fullmatch(value), (name, value)
