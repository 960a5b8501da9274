"""JSON Schemas from type hints, for what no plan happens to have."""

from collections.abc import Mapping

from eksaddon.domain.encoding.codec_schema import Schemas
from eksaddon.domain.json import Json


def test_mappings_pairs_and_any_json_have_their_form() -> None:
    schemas = Schemas()
    assert schemas.of(Mapping[str, int]) == {"type": "object", "additionalProperties": {"type": "integer"}}
    pair = {"type": "array", "prefixItems": [{"type": "string"}] * 2, "minItems": 2, "maxItems": 2}
    assert schemas.of(tuple[str, str]) == pair
    assert schemas.of(Json) == {}
    assert schemas.definitions == {}
