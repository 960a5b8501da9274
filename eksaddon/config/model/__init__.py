"""The structure of the fleet file.

In: YAML as plain values.
Out: validated values, or every error with its position and a hint.
Never: interpret a value beyond its own key: that is config/build.py.
Start with: fleet_model.py; types.py and scalars.py for single values.
"""
