"""Runs from their opening to their end, over as many processes as it takes.

In: a plan, or the id of a run on record.
Out: the run's progress, and an exit code.
Never: decide what is next: that is apply/machine.py.
Start with: rollout.py, then execute.py.
"""
