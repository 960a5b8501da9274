"""The add-on's behaviour as a pure function of time.

In: an update, its script, and the time.
Out: status, stored values, conflicts.
Never: handle requests: sim/eks does.
Start with: lifecycle.py; catalogue.py for versions.
"""
