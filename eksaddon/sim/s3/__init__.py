"""Buckets with conditional writes, for run stores in S3.

In: requests.
Out: their responses.
Never: depend on EKS.
Start with: objects.py.
"""
