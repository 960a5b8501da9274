"""AWS STS, Organizations and regions.

In: requests.
Out: their answers.
Never: know EKS.
Start with: sts.py.
"""
