"""Connections to Kubernetes endpoints: TLS, checked replies, the gate and the trace of what is sent.

In: requests.
Out: whole and checked replies, or exceptions that `troubles.py` translates.
Never: know what CoreDNS is.
Start with: reader.py, then replies.py.
"""
