"""Probes inside a cluster, for the command line.

In: the one cluster that is chosen, a gate's settings.
Out: figures with a judgement, and what other processes had left.
Never: leave a Job behind where this process can still remove it.
Start with: in_cluster.py.
"""
