"""The PodDisruptionBudget of the add-on where it is disabled: EKS leaves it in place.

In: the stored and the planned document, the desired state, and the live objects.
Out: the deletion of the budget if it is wanted, and diagnostics.
Never: delete a budget that another manager has set.
Start with: left.py, then removal.py.
"""
