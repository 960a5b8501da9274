"""Runs a real CoreDNS with a Corefile on the loopback interface and asks it the queries of every cluster.

In: Corefiles, the path of a CoreDNS binary, further queries.
Out: whether CoreDNS starts, and its answer to each query.
Never: listen on, or send to, anything but the loopback interface.
Start with: trial.py.
"""
