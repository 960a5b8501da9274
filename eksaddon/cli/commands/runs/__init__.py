"""The verbs about runs on record.

In: the id of a run, and options.
Out: the run carried on, or what is recorded about it.
Never: decide whether a run may go on: that is app/runs/rollout.py.
Start with: resume.py.
"""
