"""The way of every AWS request.

In: an HTTP request.
Out: faults, keys, policies and rates applied; then the service's answer.
Never: know what a service does.
Start with: dispatcher.py.
"""
