"""configurationValues as JSON or YAML: parse, compare, merge, and edit by spans.

In: the text that EKS stores, and desired keys.
Out: a tree of values, and the text with only those keys changed.
Never: compare documents as text: they are equal if their values are equal.
Start with: parse.py, then merge.py and edit.py.
"""

from eksaddon.values.merge import Merged, merge
from eksaddon.values.overlay import Edit, edits_between, leaves
from eksaddon.values.parse import Ambiguity, Form, Unreadable, Values, equal, parse_values, same_values

__all__ = [
    "Ambiguity",
    "Edit",
    "Form",
    "Merged",
    "Unreadable",
    "Values",
    "edits_between",
    "equal",
    "leaves",
    "merge",
    "parse_values",
    "same_values",
]
