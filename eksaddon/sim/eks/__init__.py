"""Amazon EKS's API.

In: requests that passed sim/api.
Out: documents of the 2017-11-01 model.
Never: decide the course of an update: sim/addon does.
Start with: reads.py, then writes.py.
"""
