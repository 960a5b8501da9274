"""Reads all targets.

In: targets and the ports.
Out: one observation for each target, in order.
Never: compare with the desired state, or omit a target.
Start with: snapshot.py.
"""
