"""Commands that send lookups from inside a cluster.

In: options.
Out: lines or JSON, and an exit code.
Never: decide what a figure means.
Start with: cluster_probe.py.
"""
