"""The AWS edge: the ports of ports.py over boto3.

In: calls of the ports.
Out: values of the domain; every failure as a Trouble with its cause.
Never: decide about clusters, repeat what botocore repeats, or let an SDK error out (errors.py translates
all of them).
Start with: connect.py (how it is put together), eks.py (the add-on's calls), errors.py.
"""
