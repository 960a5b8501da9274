"""What `--debug` and `bug-report` may show: requests, and texts without secrets.

In: requests and responses of any edge, and texts of users.
Out: lines for a person who looks for an error.
Never: a credential, or a text that may contain one.
Start with: exchange.py.
"""
