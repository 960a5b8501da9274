"""A run while it goes on.

In: a run's progress, and the time.
Out: lines for a terminal or a log.
Never: keep state of its own.
Start with: frame.py.
"""
