"""Pydantic types of the fleet file: our validator at run time, its shape in the JSON Schema."""

from collections.abc import Callable
from typing import Annotated

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from eksaddon.config.model import corefile_scalars, probe_scalars, scalars, scope_scalars
from eksaddon.domain.json import Json
from eksaddon.domain.selection import CLUSTER_NAME
from eksaddon.frozen import dataclass

OWN = "eksdns"


def own_error(summary: str, hint: str = "", below: str = "") -> PydanticCustomError:
    """An error whose message passes through pydantic unchanged."""
    return PydanticCustomError(OWN, "{summary}", {"summary": summary, "hint": hint, "below": below})


def not_null(value: object) -> object:
    """Reject a key without a value, which is more likely a mistake than intended; the key can be omitted."""
    if value is None:
        raise own_error("has no value", "remove the key, or give it a value")
    return value


@dataclass(frozen=True, eq=False)
class Word:
    """A type with its own validator.

    Attributes:
        shape: JSON Schema of the values that `check` accepts.
    """

    check: Callable[[object], object]
    shape: dict[str, Json]

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self._checked)

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return dict(self.shape)

    def _checked(self, value: object) -> object:
        try:
            return self.check(value)
        except scalars.WordError as error:
            raise own_error(error.summary, error.hint, error.below) from None


def _matching(pattern: str) -> dict[str, Json]:
    return {"type": "string", "pattern": pattern}


def _one_or_more(item: dict[str, Json]) -> dict[str, Json]:
    return {"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]}


def _amount(least: int) -> dict[str, Json]:
    return {"anyOf": [{"type": "integer", "minimum": least}, _matching(scalars.PERCENT)]}


_LIST_OF_REGIONS: dict[str, Json] = {
    "type": "array",
    "items": _matching(scope_scalars.REGION_OR_GLOB),
    "minItems": 1,
}

Version = Annotated[int, Word(scalars.version, {"const": scalars.FORMAT})]
AddonVersion = Annotated[str, Word(scalars.addon_version, _matching(scalars.ADDON_VERSION))]
Duration = Annotated[str, Word(scalars.duration, _matching(scalars.DURATION))]
Propagation = Annotated[str, Word(scalars.propagation, _matching(scalars.DURATION))]
Seconds = Annotated[int, Word(scalars.whole_seconds, _matching(scalars.SECONDS))]
PodSeconds = Annotated[
    int,
    Word(scalars.pod_seconds, {"anyOf": [_matching(scalars.SECONDS), {"type": "integer", "minimum": 0}]}),
]
Positive = Annotated[int, Word(scalars.positive_seconds, _matching(scalars.SECONDS))]
Share = Annotated[str, Word(probe_scalars.share, _matching(probe_scalars.SHARE))]
Servers = Annotated[
    list[str],
    Word(probe_scalars.servers, {"type": "array", "items": _matching(probe_scalars.SERVER), "minItems": 1}),
]
Expected = Annotated[list[str], Word(probe_scalars.expected, _one_or_more(_matching(probe_scalars.EXPECTED)))]
Pods = Annotated[int | str, Word(scalars.pods, _amount(0))]
Width = Annotated[int | str, Word(scalars.width, _amount(1))]
Tolerance = Annotated[int | str, Word(scalars.tolerance, _amount(0))]
AccountId = Annotated[str, Word(scope_scalars.account_id, _matching(scope_scalars.ACCOUNT))]
Region = Annotated[str, Word(scope_scalars.region, _matching(scope_scalars.REGION))]
Regions = Annotated[
    list[str] | str, Word(scope_scalars.regions, {"anyOf": [_LIST_OF_REGIONS, {"const": "all"}]})
]
RegionGlobList = Annotated[list[str], Word(scope_scalars.region_globs, _LIST_OF_REGIONS)]
Roles = Annotated[list[str], Word(scope_scalars.roles, _one_or_more(_matching(scope_scalars.ROLE)))]
Globs = Annotated[list[str], Word(scalars.globs, _one_or_more({"type": "string", "minLength": 1}))]
Label = Annotated[str, Word(scalars.label, {"type": "string"})]
ClusterName = Annotated[str, Word(scope_scalars.cluster, _matching(f"^{CLUSTER_NAME.pattern}$"))]
Name = Annotated[str, Word(scalars.name, _matching(scalars.NAME))]
Day = Annotated[str, Word(scalars.day, _matching(scalars.DATE))]
TimeOfDay = Annotated[int, Word(scalars.time_of_day, _matching(f"^{scalars.TIME}$"))]
Zone = Annotated[str, Word(scalars.zone, {"type": "string", "minLength": 1})]
Filled = Annotated[str, Word(scalars.filled, _matching(r"\S"))]
Described = Annotated[str, Word(scalars.described, _matching(r"\S"))]
OtherKeys = Annotated[
    dict[str, object],
    Word(scalars.other_keys, {"type": "object", "propertyNames": {"not": {"enum": list(scalars.OWN_KEYS)}}}),
]
_COREFILE_WORDS: dict[str, Json] = {
    "anyOf": [
        {"type": ["string", "number", "boolean", "null"]},
        {"type": "array", "items": {"type": ["string", "number"]}},
    ]
}
_COREFILE_PATHS: dict[str, Json] = {
    "type": "object",
    "propertyNames": _matching(corefile_scalars.SETTING),
    "additionalProperties": _COREFILE_WORDS,
}
CorefileSettings = Annotated[dict[str, object], Word(corefile_scalars.settings, _COREFILE_PATHS)]
ServerSettings = Annotated[dict[str, object], Word(corefile_scalars.server_settings, _COREFILE_PATHS)]
ServerName = Annotated[str, Word(corefile_scalars.server_name, _matching(corefile_scalars.SERVER_NAME))]
Zones = Annotated[list[str], Word(corefile_scalars.zones, _one_or_more({"type": "string", "minLength": 1}))]
Upstreams = Annotated[
    list[str], Word(corefile_scalars.upstreams, _one_or_more({"type": "string", "minLength": 1}))
]
CacheTtl = Annotated[
    int,
    Word(
        corefile_scalars.cache,
        {
            "anyOf": [
                {"type": "integer", "minimum": 0, "maximum": corefile_scalars.LONGEST_TTL},
                {"const": False},
            ]
        },
    ),
]
C7nRegions = Annotated[list[str] | str, Word(scope_scalars.c7n_regions, {})]
