"""Scenario files, which define a simulated world.

In: YAML.
Out: a world.
Never: be read by production code.
Start with: scenario.py; model.py for the keys.
"""
