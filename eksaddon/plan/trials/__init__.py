"""What trials before a write make of a plan: dry runs of the API server, and Corefiles in a real CoreDNS.

In: a plan, the results of trials.
Out: the plan with blocked clusters and notes.
Never: make a trial.
Start with: dry_run.py, corefile.py.
"""
