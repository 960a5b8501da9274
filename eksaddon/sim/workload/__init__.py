"""State of a simulated cluster other than its add-on.

In: patches and time.
Out: the owners of the Deployment's fields.
Never: handle requests.
Start with: state.py.
"""
