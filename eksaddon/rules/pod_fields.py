"""pod-fields: values that EKS accepts and the Kubernetes API rejects in the pod template.

Source: pkg/apis/core/validation/validation.go of Kubernetes 1.29 and 1.36 (ValidateTolerations,
validateTopologySpreadConstraints, ValidateResourceRequirements, ValidateLabels, ValidateAnnotations).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.json import Json, JsonObject
from eksaddon.regex import regex
from eksaddon.rules.facts import Facts, Finding
from eksaddon.schema.pod_fields import EKS_RESOURCES, POD_FIELDS
from eksaddon.schema.validate import validate

RULE = "pod-fields"
_DETAIL = "the Kubernetes API would reject the Deployment"

_NAME = regex(r"([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)", re.ASCII)
_PREFIX = regex(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", re.ASCII)
_QUANTITY = regex(r"\+?(\d+\.?\d*|\.\d+)(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d{1,3})?", re.ASCII)
_DECIMAL = {unit: Decimal(1000) ** (power + 1) for power, unit in enumerate("kMGTPE")}
_BINARY = {f"{unit}i": Decimal(1024) ** (power + 1) for power, unit in enumerate("KMGTPE")}
_FACTORS = {"": Decimal(1), "m": Decimal("0.001"), **_DECIMAL, **_BINARY}


def pod_fields(facts: Facts) -> Iterator[Finding]:
    keys = {key: facts.values[key] for key in _KEYS if key in facts.values}
    for error in validate(POD_FIELDS, keys) if keys else ():
        yield _finding(error.path, error.message)
    for key in ("podLabels", "podAnnotations", "nodeSelector"):
        yield from _names(key, facts.group(key), has_label_values=key != "podAnnotations")
    for place, toleration in _items("tolerations", facts.values.get("tolerations")):
        yield from _toleration(place, toleration)
    spreads = tuple(_items("topologySpreadConstraints", facts.values.get("topologySpreadConstraints")))
    yield from _spreads(spreads)
    yield from _expressions("affinity", facts.values.get("affinity"))
    for place, spread in spreads:
        yield from _expressions(place, spread)
    yield from _resources(facts.group("resources"))


_KEYS = (
    "affinity",
    "nodeSelector",
    "podAnnotations",
    "podLabels",
    "tolerations",
    "topologySpreadConstraints",
)


def _names(key: str, found: Mapping[str, Json], *, has_label_values: bool) -> Iterator[Finding]:
    for name, value in found.items():
        prefix, slash, short = name.rpartition("/")
        if not _NAME.fullmatch(short) or (slash and not _PREFIX.fullmatch(prefix)):
            yield _finding(
                f"{key}.{name}", "is not a valid name: use PREFIX/NAME, with letters, digits, - _ ."
            )
        if has_label_values and isinstance(value, str) and value and not _NAME.fullmatch(value):
            message = "must be at most 63 letters, digits, - _ . and begin and end with a letter or digit"
            yield _finding(f"{key}.{name}", message)


def _toleration(place: str, found: JsonObject) -> Iterator[Finding]:
    operator = found.get("operator") or "Equal"
    if not found.get("key") and operator != "Exists":
        yield _finding(f"{place}.operator", "must be Exists if the key is empty")
    if operator == "Exists" and found.get("value"):
        yield _finding(f"{place}.value", "must be empty if the operator is Exists")
    if found.get("tolerationSeconds") is not None and found.get("effect") != "NoExecute":
        yield _finding(f"{place}.effect", "must be NoExecute if tolerationSeconds is set")


def _spreads(found: Sequence[tuple[str, JsonObject]]) -> Iterator[Finding]:
    seen = set[tuple[str, str]]()
    for place, each in found:
        pair = (str(each.get("topologyKey")), str(each.get("whenUnsatisfiable")))
        if pair in seen:
            yield _finding(place, "repeats the topologyKey and whenUnsatisfiable of another constraint")
        seen.add(pair)
        if each.get("minDomains") is not None and each.get("whenUnsatisfiable") != "DoNotSchedule":
            yield _finding(f"{place}.minDomains", "is only allowed if whenUnsatisfiable is DoNotSchedule")


def _expressions(place: str, node: Json) -> Iterator[Finding]:
    """Every `matchExpressions` and `matchFields` below, however deep."""
    if isinstance(node, Mapping):
        for key, below in node.items():
            if key in {"matchExpressions", "matchFields"}:
                for at, each in _items(f"{place}.{key}", below):
                    yield from _expression(at, each)
            else:
                yield from _expressions(f"{place}.{key}", below)
    elif isinstance(node, list | tuple):
        for number, below in enumerate(node):
            yield from _expressions(f"{place}[{number}]", below)


def _expression(place: str, found: JsonObject) -> Iterator[Finding]:
    operator, values = found.get("operator"), found.get("values") or []
    count = len(values) if isinstance(values, list | tuple) else 0
    if operator in {"In", "NotIn"} and not count:
        yield _finding(f"{place}.values", f"must not be empty if the operator is {operator}")
    if operator in {"Exists", "DoesNotExist"} and count:
        yield _finding(f"{place}.values", f"must be empty if the operator is {operator}")
    if operator in {"Gt", "Lt"} and count != 1:
        yield _finding(f"{place}.values", f"must have one element if the operator is {operator}")


def _resources(found: Mapping[str, Json]) -> Iterator[Finding]:
    if not found:
        return
    for group in ("limits", "requests"):
        for name, value in _mapping(found.get(group)).items():
            if isinstance(value, str) and quantity(value) is None:
                yield _finding(
                    f"resources.{group}.{name}", f"{value!r} is not a quantity (examples: 100m, 70Mi)"
                )
    for name in ("cpu", "memory"):
        (limit, limit_by), (request, request_by) = _of(found, "limits", name), _of(found, "requests", name)
        most, least = quantity(limit), quantity(request)
        if most is not None and least is not None and least > most:
            yield _finding(
                f"resources.requests.{name}",
                f"{request}{request_by} is more than resources.limits.{name} {limit}{limit_by}",
            )


def _of(found: Mapping[str, Json], group: str, name: str) -> tuple[str, str]:
    own = _mapping(found.get(group)).get(name)
    if own is not None:
        return str(own), ""
    default = _mapping(EKS_RESOURCES[group]).get(name)
    return (str(default), " (EKS's default)") if default is not None else ("", "")


def quantity(text: str) -> Decimal | None:
    """A quantity as a number; None if it is none (source: apimachinery pkg/api/resource/quantity.go)."""
    parsed = _QUANTITY.fullmatch(text)
    if parsed is None:
        return None
    number, unit = Decimal(parsed[1]), parsed[2] or ""
    return number * _FACTORS[unit] if unit in _FACTORS else number.scaleb(int(unit[1:]))


def _items(place: str, found: Json) -> Iterator[tuple[str, JsonObject]]:
    items = found if isinstance(found, list | tuple) else ()
    yield from (
        (f"{place}[{number}]", each) for number, each in enumerate(items) if isinstance(each, Mapping)
    )


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _finding(path: str, message: str) -> Finding:
    key = re.split(r"[.\[]", path, maxsplit=1)[0]
    return Finding(Diagnostic(Severity.ERROR, RULE, f"{path} {message}", _DETAIL), (key,))
