"""The Kubernetes edge: the workload plane over the clusters' APIs.

In: calls of the ports.
Out: workloads, applied patches, conflicts; every failure as a Trouble.
Never: apply fields that eksdns does not manage, or use another field manager.
Start with: clusters.py, then reading.py.
"""
