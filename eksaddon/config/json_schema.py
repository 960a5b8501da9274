"""The fleet file's JSON Schema, for completion and validation in editors.

The loader checks more than a schema can express: duplicate or undefined names, roles of other accounts,
nonexistent dates, durations beyond 292 years, chains of roles without ARNs.
"""

from collections.abc import Mapping

from eksaddon.config.model.fleet_model import FleetModel
from eksaddon.domain.json import Json

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_UNWANTED = frozenset({"title", "discriminator"})
"""Keywords added by pydantic: class names, and a keyword of OpenAPI."""


def config_schema() -> dict[str, Json]:
    """JSON Schema of the fleet file, draft 2020-12."""
    schema = FleetModel.model_json_schema()
    return {"$schema": DIALECT, "title": "eksdns fleet file", **_clean(schema)}


def _clean(schema: Mapping[str, Json]) -> dict[str, Json]:
    kept = {key: value for key, value in schema.items() if key not in _UNWANTED}
    if "default" in kept and not _is_writable(kept["default"], schema):
        del kept["default"]
    return {key: _clean_value(value) for key, value in kept.items()}


def _clean_value(value: Json) -> Json:
    match value:
        case Mapping():
            return _clean(value)
        case list():
            return [_clean_value(each) for each in value]
        case _:
            return value


def _is_writable(default: Json, schema: Mapping[str, Json]) -> bool:
    """Whether the default is a valid value in the file; some defaults only represent an absent key."""
    match default:
        case None | "":
            return False
        case int() if not isinstance(default, bool):
            minimum = schema.get("minimum", default)
            return schema.get("type") != "string" and isinstance(minimum, int) and default >= minimum
        case _:
            return True
