"""Commands on recorded runs.

In: the id of a run, and options.
Out: the run continued, or its records.
Never: decide whether a run may continue: that is app/runs/rollout.py.
Start with: resume.py.
"""
