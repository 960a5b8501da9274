"""Prepares a Corefile for a trial run of CoreDNS on the loopback interface.

In: a Corefile, ports of the loopback interface, addresses of stand-ins.
Out: a Corefile that needs nothing of a pod, and a list of what was replaced or removed.
Never: start a process or open a socket.
Start with: staging.py.
"""
