"""What a Corefile does once CoreDNS runs it.

In: a syntax tree.
Out: lameducks, health endpoints, which block serves a zone, durations.
Never: change text.
Start with: resolve.py, then health.py.
"""
