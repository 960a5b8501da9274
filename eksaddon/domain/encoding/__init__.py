"""Frozen dataclasses as JSON, and back, with the JSON Schema derived from them.

In: a dataclass, or a JSON value and the dataclass that it should be.
Out: a JSON value, the dataclass or an error that names the place, or a JSON Schema.
Never: know what any of the dataclasses means.
Start with: codec.py.
"""
