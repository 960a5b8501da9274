"""Templates of CloudFormation read as values, with their functions resolved as far as policies need it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

MISSING = object()
NO_VALUE = "AWS::NoValue"


@dataclass(frozen=True)
class Function:
    """Attributes: name: As `Sub`. value: What stands behind it."""

    name: str
    value: Any


def read_template(path: Path) -> Any:
    yaml = YAML(typ="safe", pure=True)
    yaml.constructor.add_multi_constructor("!", _function)
    return yaml.load(path.read_text(encoding="utf-8"))


def _function(constructor: Any, suffix: str, node: Any) -> Function:
    match node:
        case ScalarNode():
            return Function(suffix, constructor.construct_scalar(node))
        case SequenceNode():
            return Function(suffix, constructor.construct_sequence(node, deep=True))
        case MappingNode():
            return Function(suffix, constructor.construct_mapping(node, deep=True))
    raise AssertionError(node)


@dataclass(frozen=True)
class Stack:
    """A template with parameters, deployed in an account."""

    template: Any
    parameters: Mapping[str, str]
    account: str

    def resource(self, name: str) -> Any:
        return self.value(self.template["Resources"][name]["Properties"])

    def value(self, found: Any) -> Any:
        match found:
            case Function("Sub", str(text)):
                return re.sub(r"\$\{([^}]+)\}", lambda hit: str(self._named(hit[1])), text)
            case Function("Ref", name):
                return MISSING if name == NO_VALUE else self._named(name)
            case Function("GetAtt", name):
                return self._named(name)
            case Function("If", [condition, yes, no]):
                return self.value(yes if self._holds(condition) else no)
            case dict():
                known = {key: self.value(value) for key, value in found.items()}
                return {key: value for key, value in known.items() if value is not MISSING}
            case list():
                return [value for value in map(self.value, found) if value is not MISSING]
        return found

    def _named(self, name: str) -> Any:
        pseudo = {"AWS::AccountId": self.account, "AWS::Partition": "aws"}
        declared = self.template.get("Parameters", {})
        if name in pseudo:
            return pseudo[name]
        if name in declared:
            return self.parameters.get(name, declared[name].get("Default", MISSING))
        return f"arn:of:{name.removesuffix('.Arn')}"

    def _holds(self, condition: str) -> bool:
        return self._true(self.template["Conditions"][condition])

    def _true(self, found: Function) -> bool:
        match found:
            case Function("Equals", [one, other]):
                return bool(self.value(one) == self.value(other))
            case Function("Not", [one]):
                return not self._true(one)
            case Function("And", parts):
                return all(map(self._true, parts))
            case Function("Or", parts):
                return any(map(self._true, parts))
            case Function("Condition", name):
                return self._holds(name)
        raise AssertionError(found)

    def statements(self, role: str) -> list[Any]:
        """What a role may do, by its own policies and the managed ones of the template."""
        properties = self.resource(role)
        documents = [one["PolicyDocument"] for one in properties.get("Policies", ())]
        documents += [
            self.resource(managed.removeprefix("arn:of:"))["PolicyDocument"]
            for managed in properties.get("ManagedPolicyArns", ())
        ]
        return [statement for document in documents for statement in document["Statement"]]

    def actions(self, role: str) -> set[str]:
        return {action for statement in self.statements(role) for action in listed(statement["Action"])}

    def allows(self, role: str, action: str, resources: list[str]) -> bool:
        """Whether every one of the resources is covered."""
        return all(
            any(
                action in listed(statement["Action"])
                and any(fnmatchcase(resource, pattern) for pattern in listed(statement["Resource"]))
                for statement in self.statements(role)
            )
            for resource in resources
        )


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
