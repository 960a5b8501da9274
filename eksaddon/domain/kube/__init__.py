"""Live objects of a cluster.

In: nothing.
Out: Pod.
Never: know how the Kubernetes API is read.
Start with: pods.py.
"""
