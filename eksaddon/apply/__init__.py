"""Executes a plan: an engine that performs the steps decided by a pure state machine.

In: a run's progress (domain/run) and the ports.
Out: records, and one outcome for each target.
Never: plan, render, or depend on an edge; every write is recorded before it is sent.
Start with: machine.py (next step; pure), engine.py (executes it), update.py (one target), verdict.py
(meaning of a result).
"""
