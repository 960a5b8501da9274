"""Handling of every AWS request.

In: an HTTP request.
Out: faults, keys, policies and rates applied; then the service's response.
Never: depend on a service.
Start with: dispatcher.py.
"""
