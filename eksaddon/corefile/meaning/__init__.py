"""The behaviour of a Corefile at run time.

In: a syntax tree.
Out: lameducks, health endpoints, which block serves a zone, durations.
Never: change text.
Start with: resolve.py, then health.py.
"""
