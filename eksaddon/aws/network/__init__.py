"""Connections to AWS: one pool and one TLS context for all clients, and a trace of what is sent.

In: signed requests of the SDK.
Out: responses, or the SDK's exceptions.
Never: know what an operation means.
Start with: http.py.
"""
