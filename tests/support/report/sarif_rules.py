"""What SARIF 2.1.0 and GitHub's code scanning ask of a log, as a JSON Schema of the parts that eksdns writes.

Closed objects, required keys, enumerations and bounds are those of the OASIS schema; GitHub's own are marked.
"""

from typing import Any


def _object(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": {**properties, "properties": {"type": "object"}},
    }


TEXT = {"type": "string"}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
INDEX = {"type": "integer", "minimum": -1}
LINE = {"type": "integer", "minimum": 1}
TIME = {
    "type": "string",
    "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z$",
}
MESSAGE = _object(
    {"text": TEXT, "markdown": TEXT, "id": TEXT, "arguments": {"type": "array", "items": TEXT}}, "text"
)
URI = {"type": "string", "pattern": r"^[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+$"}

REGION = _object({"startLine": LINE, "startColumn": LINE, "endLine": LINE, "endColumn": LINE}, "startLine")
PHYSICAL = _object(
    {"artifactLocation": _object({"uri": URI, "uriBaseId": TEXT, "index": INDEX}, "uri"), "region": REGION},
    "artifactLocation",
    "region",  # GitHub: without it an alert has no line
)
LOGICAL = _object(
    {"name": TEXT, "fullyQualifiedName": TEXT, "decoratedName": TEXT, "kind": TEXT, "index": INDEX}
)
LOCATION = _object(
    {
        "id": INDEX,
        "physicalLocation": PHYSICAL,
        "logicalLocations": {"type": "array", "items": LOGICAL, "uniqueItems": True},
    },
    "physicalLocation",  # GitHub drops what has none
)
RULE = _object(
    {
        "id": {"type": "string", "maxLength": 255},
        "name": {"type": "string", "maxLength": 255},
        "shortDescription": MESSAGE,
        "fullDescription": MESSAGE,
        "helpUri": URI,
        "help": MESSAGE,
        "defaultConfiguration": _object({"level": LEVEL}),
    },
    "id",
    "shortDescription",  # GitHub
)
DRIVER = _object(
    {
        "name": {"type": "string", "minLength": 1},
        "version": TEXT,
        "semanticVersion": {"type": "string", "pattern": r"^[0-9]+\.[0-9]+\.[0-9]+"},
        "informationUri": URI,
        "rules": {"type": "array", "items": RULE, "uniqueItems": True},
    },
    "name",
)
RESULT = _object(
    {
        "ruleId": TEXT,
        "ruleIndex": INDEX,
        "level": LEVEL,
        "message": MESSAGE,
        "locations": {"type": "array", "items": LOCATION, "minItems": 1},
        "partialFingerprints": {"type": "object", "additionalProperties": TEXT},
    },
    "ruleId",
    "message",
    "locations",
    "partialFingerprints",  # GitHub: else alerts double
)
NOTIFICATION = _object({"level": LEVEL, "message": MESSAGE, "descriptor": {"type": "object"}}, "message")
INVOCATION = _object(
    {
        "executionSuccessful": {"type": "boolean"},
        "startTimeUtc": TIME,
        "endTimeUtc": TIME,
        "toolExecutionNotifications": {"type": "array", "items": NOTIFICATION},
    },
    "executionSuccessful",
)
RUN = _object(
    {
        "tool": _object({"driver": DRIVER}, "driver"),
        "automationDetails": _object({"id": TEXT, "guid": TEXT}),
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "invocations": {"type": "array", "items": INVOCATION},
        "results": {"type": "array", "items": RESULT, "maxItems": 25_000},  # GitHub
    },
    "tool",
    "results",
)
SARIF_SCHEMA: dict[str, Any] = _object(
    {
        "$schema": URI,
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "items": RUN, "maxItems": 20},  # GitHub
    },
    "version",
    "runs",
)
