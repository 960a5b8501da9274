"""Renders results as text in every format.

In: plans, results of runs, drift, status.
Out: text.
Never: decide, call other systems, or output untrusted text unescaped (escape.py).
Start with: render.py, then model/model.py: every format renders that model.
"""
