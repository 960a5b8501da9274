"""Safety rules that a schema cannot express.

In: Facts (facts.py): the state after a plan, and the fields that the plan changes.
Out: diagnostics.
Never: use anything but the facts, or depend on another rule.
Start with: registry.py lists every rule; termination_budget.py is the central one.
"""
