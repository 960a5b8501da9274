"""Commands that only advise: what is wrong, which values to choose, how to write them down elsewhere.

In: options.
Out: exit codes.
Never: write to a cluster.
Start with: audit.py.
"""
