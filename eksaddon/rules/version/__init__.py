"""Which add-on version a cluster moves to, and the findings about the move.

In: the desired version, the installed one, and those that EKS offers.
Out: a choice, and diagnostics.
Never: read a document or a Corefile (eksaddon.plan.version does).
Start with: choice.py.
"""
