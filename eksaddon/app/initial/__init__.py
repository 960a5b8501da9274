"""Derives a fleet file from the clusters: their current values, or a goal that only strengthens them.

In: observations with their workloads.
Out: the text of a fleet file, whose plan was made before the file is written.
Never: writes to AWS or a cluster, or a value that is weaker than the one that runs.
Start with: initial.
"""
