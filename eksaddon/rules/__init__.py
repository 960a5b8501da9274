"""Safety rules that no schema can state.

In: Facts (facts.py): the state that a plan leads to, and what of it the plan touches.
Out: diagnostics.
Never: look at anything but the facts, or know another rule.
Start with: registry.py lists every rule; termination_budget.py is the one that everything is about.
"""
