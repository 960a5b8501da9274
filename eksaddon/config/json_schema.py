"""The fleet file's JSON Schema, by which editors complete and check it.

The loader sees more than a schema can say: names that stand twice or nowhere, roles of other accounts, days
that no calendar has, durations beyond 292 years, chains of roles without ARNs.
"""

from collections.abc import Mapping

from eksaddon.config.model.fleet_model import FleetModel
from eksaddon.domain.json import Json

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_NOISE = frozenset({"title", "discriminator"})
"""Words that pydantic adds: names of our classes, and a key of OpenAPI."""


def config_schema() -> dict[str, Json]:
    """JSON Schema of the fleet file, draft 2020-12."""
    schema = FleetModel.model_json_schema()
    return {"$schema": DIALECT, "title": "eksdns fleet file", **_tidied(schema)}


def _tidied(schema: Mapping[str, Json]) -> dict[str, Json]:
    kept = {key: value for key, value in schema.items() if key not in _NOISE}
    if "default" in kept and not _is_writable(kept["default"], schema):
        del kept["default"]
    return {key: _tidied_value(value) for key, value in kept.items()}


def _tidied_value(value: Json) -> Json:
    match value:
        case Mapping():
            return _tidied(value)
        case list():
            return [_tidied_value(each) for each in value]
        case _:
            return value


def _is_writable(default: Json, schema: Mapping[str, Json]) -> bool:
    """Whether somebody could write the default, which at times only stands for a key that is absent."""
    match default:
        case None | "":
            return False
        case int() if not isinstance(default, bool):
            least = schema.get("minimum", default)
            return schema.get("type") != "string" and isinstance(least, int) and default >= least
        case _:
            return True
