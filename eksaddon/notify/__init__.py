"""The edge for notifications: a webhook and a command.

In: the bytes of an event.
Out: nothing, or why it was not delivered.
Never: decide when to notify, or fail a run.
Start with: webhook.py.
"""
