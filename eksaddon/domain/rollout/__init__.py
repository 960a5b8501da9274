"""How a fleet is to be rolled out: waves, widths, tolerances, gates, windows.

In: nothing.
Out: Strategy and Window as values.
Never: know a run, or the time.
Start with: strategy.py.
"""
