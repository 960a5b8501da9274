"""Starts, continues and finishes runs, across processes.

In: a plan, or the id of a recorded run.
Out: the run's progress, and an exit code.
Never: decide the next step: that is apply/machine.py.
Start with: rollout.py, then execute.py.
"""
