"""The AWS edge: the ports of ports/ over boto3.

In: calls of the ports.
Out: domain values; every failure as a Trouble with its cause.
Never: decide about clusters, retry what botocore retries, or let an SDK error escape (errors.py translates
all of them).
Start with: connect.py (composition), eks.py (calls of the add-on), errors.py.
"""
