"""The deletion of a disabled PodDisruptionBudget, after the other writes of a target.

In: the deletion in the plan, and the add-on and the budget as they are now.
Out: the outcome, and a record before the write.
Never: delete another object than the planned one, or one that the configuration enables.
Start with: deletion.py.
"""
