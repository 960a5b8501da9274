"""YAML that knows where everything stands.

In: text.
Out: plain values with file, line and column.
Never: interpret what it reads.
Start with: document.py.
"""
