"""Carry a plan out: the engine that does what a pure machine decides.

In: a run's progress (domain/run) and the ports.
Out: records of what happened, one outcome for each target.
Never: plan, render, or know an edge; every write is recorded before it is made.
Start with: machine.py (what is next; pure), engine.py (does it), update.py (one target's way), verdict.py
(what an answer means).
"""
