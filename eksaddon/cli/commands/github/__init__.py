"""The verbs under `eksdns github`.

In: options, and the job's environment.
Out: the same results as other verbs, told to GitHub as well.
Never: run eksdns in a process of its own.
Start with: run.py, and step.py for what every step leaves behind.
"""
