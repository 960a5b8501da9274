"""Whether the schema of an add-on version still permits a planned document.

Asked on resume, right before a request that was announced and not sent.
"""

from eksaddon.domain.cause import Trouble
from eksaddon.schema import AddonSchema, validate
from eksaddon.values import Unreadable, parse_values


def schema_moved(version: str, text: str, schema: AddonSchema | Trouble) -> str:
    """Why the document must not be sent; empty if nothing speaks against it.

    Args:
        schema: A Trouble if it could not be read; then EKS, which validates every request, decides.
    """
    values = parse_values(text)
    if isinstance(schema, Trouble) or isinstance(values, Unreadable):
        return ""
    error = next(iter(validate(schema, values.tree)), None)
    if error is None:
        return ""
    what = error.path or "the document"
    return f"the schema of {version} was changed after the plan was made: {what} {error.message}"
