"""AWS STS, Organizations and regions.

In: requests.
Out: their responses.
Never: depend on EKS.
Start with: sts.py.
"""
