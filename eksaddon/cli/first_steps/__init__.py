"""What a new user meets first: the fleet file of `init`.

In: parsed options.
Out: the text of the file, and what was found.
Never: writes to AWS or a cluster.
Start with: initial.
"""
