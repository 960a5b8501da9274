"""The simulator on a socket.

In: bytes.
Out: requests; replies, and connections that are cut, reset or stalled on purpose.
Never: depend on AWS.
Start with: server.py, then connection.py.
"""
