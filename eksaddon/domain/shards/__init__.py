"""Parts of a fleet that parallel jobs read.

In: nothing.
Out: which account belongs to which part, and the part of a parallel job by its environment.
Never: read the environment, or divide what is written.
Start with: shard.py.
"""
