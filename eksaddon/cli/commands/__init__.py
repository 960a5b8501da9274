"""One verb for each module.

In: options as dataclasses.
Out: one call of a use case, its result printed, an exit code.
Never: hold logic that another verb could need: that belongs to the package above, or to `app`.
Start with: plan.py, the shortest verb that shows the whole pattern.
"""
