"""Clusters as DescribeCluster shows them: where their Kubernetes API is, and its version.

In: clients of the EKS API, and keys.
Out: endpoints and tokens, and descriptions that several readers share.
Never: describe one cluster twice for one plan.
Start with: described.py, then kubernetes.py.
"""
