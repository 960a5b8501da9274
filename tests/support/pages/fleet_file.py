"""The reference of the fleet file, from the JSON Schema of its models.

`python -m tests.support.pages.fleet_file` writes it into docs/fleet-file.md.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from eksaddon.config.json_schema import config_schema
from tests.support.pages.markers import cell, page, write

PAGE, NAME = page("fleet-file"), "keys"
_REFERENCE = "#/$defs/"
_PLAIN = {"string": "text", "integer": "number", "number": "number", "boolean": "`true`, `false`"}
_TITLES = {
    "CorednsModel": "`coredns`",
    "BudgetModel": "`coredns.podDisruptionBudget`",
    "ReadinessProbeModel": "`coredns.readinessProbe`",
    "WorkloadModel": "`coredns.workload`",
    "CorefileModel": "`coredns.corefile`",
    "ServerModel": "`coredns.corefile.servers`",
    "AccountModel": "`accounts`",
    "OrganizationModel": "`organization`",
    "ClusterModel": "`clusters`",
    "OverrideModel": "`overrides`",
    "MatchModel": "`match` and `select`",
    "WaiverModel": "`waivers`",
    "RolloutModel": "`rollout`",
    "WaveModel": "`rollout.waves`",
    "ApprovalModel": "The gate `approval`",
    "CheckModel": "The gate `check`",
    "CorefileTryModel": "The gate `corefile-try`",
    "ProbeModel": "The gate `probe`",
    "WindowModel": "`rollout.windows`",
    "TimeLimitsModel": "`rollout.timeouts`",
}
"""Where each model is used; in the order of the page."""


def reference() -> str:
    """A section for each model."""
    schema: Mapping[str, Any] = config_schema()
    models: Mapping[str, Any] = schema["$defs"]
    if set(models) != set(_TITLES):
        raise KeyError(f"name the sections of {sorted(set(models) ^ set(_TITLES))}")
    parts = [_section("The file", schema), *(_section(_TITLES[name], models[name]) for name in _TITLES)]
    return "\n".join(parts)


def _section(title: str, model: Mapping[str, Any]) -> str:
    required = frozenset(model.get("required", ()))
    rows = "".join(
        f"| `{key}`{' (required)' if key in required else ''} | {_value(field)} | "
        f"{_default(field)} | {cell(field.get('description', ''))} |\n"
        for key, field in model["properties"].items()
    )
    head = "| key | value | default | meaning |\n|---|---|---|---|\n"
    return f"## {title}\n\n{model['description']}\n\n{head}{rows}"


def _default(field: Mapping[str, Any]) -> str:
    if "default" not in field:
        return ""
    value = field["default"]
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _value(field: Mapping[str, Any]) -> str:
    return ", ".join(dict.fromkeys(_kinds(field)))


def _kinds(field: Mapping[str, Any]) -> Iterator[str]:
    if "$ref" in field:
        yield _link(field["$ref"].removeprefix(_REFERENCE))
    elif "const" in field:
        yield f"`{str(field['const']).lower()}`"
    elif "enum" in field:
        yield from (f"`{one}`" for one in field["enum"])
    elif several := field.get("anyOf") or field.get("oneOf"):
        for one in several:
            yield from _kinds(one)
    elif field.get("type") == "array":
        yield (
            f"list of {' or '.join(dict.fromkeys(_kinds(field['items'])))}" if field.get("items") else "list"
        )
    elif field.get("type") == "object" or "patternProperties" in field:
        yield from _mapping(field)
    elif isinstance(kinds := field.get("type"), list):
        yield from ("`null`" if kind == "null" else _PLAIN[kind] for kind in kinds)
    elif field.get("type") == "null":
        yield "`null`"
    else:
        yield _PLAIN.get(field.get("type", ""), "any value") + _bounds(field)


def _mapping(field: Mapping[str, Any]) -> Iterator[str]:
    inner = [*field.get("patternProperties", {}).values()]
    if isinstance(field.get("additionalProperties"), Mapping):
        inner.append(field["additionalProperties"])
    kinds = " or ".join(dict.fromkeys(kind for one in inner for kind in _kinds(one)))
    yield f"mapping of names to {kinds}" if kinds else "mapping"


def _bounds(field: Mapping[str, Any]) -> str:
    low, high = field.get("minimum"), field.get("maximum")
    if low is not None and high is not None:
        return f" {low} to {high}"
    if low is not None:
        return f" from {low}"
    return "" if high is None else f" up to {high}"


def _link(model: str) -> str:
    title = _TITLES[model]
    anchor = "".join(one for one in title.lower().replace(" ", "-") if one.isalnum() or one in "-_")
    return f"[{title}](#{anchor})"


if __name__ == "__main__":
    write(PAGE, NAME, reference())
