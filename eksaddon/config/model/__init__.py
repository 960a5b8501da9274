"""What the fleet file may contain.

In: YAML as plain values.
Out: checked values, or every mistake with its place and a way out.
Never: give a value a meaning beyond its own key: that is config/build.py.
Start with: fleet_model.py; types.py and scalars.py for single values.
"""
