"""Values of an audit: what is read in addition to a plan, and the verdict on a cluster.

In: nothing.
Out: surroundings of the pods, facts about the cluster, reasons and verdicts.
Never: decide whether a value is good; that is `rules/audit/`.
Start with: verdict.py.
"""
