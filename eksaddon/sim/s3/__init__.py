"""Buckets with conditional writes, for runs that are recorded in S3.

In: requests.
Out: their answers.
Never: know EKS.
Start with: objects.py.
"""
