"""YAML with the position of every value.

In: text.
Out: plain values with file, line and column.
Never: interpret what it reads.
Start with: document.py.
"""
