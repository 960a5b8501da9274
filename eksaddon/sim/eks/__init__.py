"""Amazon EKS's API.

In: requests that passed sim/api.
Out: documents as the 2017-11-01 model has them.
Never: decide how an update goes: sim/addon does.
Start with: reads.py, then writes.py.
"""
