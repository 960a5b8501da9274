"""One command in each module.

In: options as dataclasses.
Out: one call of a use case, its result printed, an exit code.
Never: contain logic that another command could need: that belongs to the parent package, or to `app`.
Start with: plan.py, the shortest verb that shows the whole pattern.
"""
