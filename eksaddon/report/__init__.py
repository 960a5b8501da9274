"""Results as text, in every format.

In: plans, results of runs, drift, status.
Out: text.
Never: decide, call anything, or let text of others out unescaped (escape.py).
Start with: render.py, then model/model.py: every format is drawn from that one model.
"""
