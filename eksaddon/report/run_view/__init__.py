"""Live view of a run.

In: a run's progress, and the time.
Out: lines for a terminal or a log.
Never: keep state.
Start with: frame.py.
"""
