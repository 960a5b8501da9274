"""Writes configurationValues in different common styles."""

import io
import json

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from eksaddon.sim.scenario.model import DocumentModel


def written(document: str | DocumentModel | None) -> str | None:
    """The text of a document: verbatim if given as text, None if never set."""
    if not isinstance(document, DocumentModel):
        return document
    values = dict(document.values)
    if document.corefile is not None:
        newline = "\r\n" if document.newlines == "crlf" else "\n"
        values["corefile"] = document.corefile.replace("\n", newline)
    match document.format:
        case "json":
            return json.dumps(values)
        case "json-indented":
            return json.dumps(values, indent=2)
        case "yaml":
            return _yaml(values)


def _yaml(values: dict[str, object]) -> str:
    corefile = values.get("corefile")
    if isinstance(corefile, str) and "\r" not in corefile:
        values["corefile"] = LiteralScalarString(corefile)
    out = io.StringIO()
    yaml = YAML(typ="rt", pure=True)
    yaml.dump(values, out)
    return out.getvalue()
