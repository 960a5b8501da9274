"""The fleet file: find, check, and resolve it for each target.

In: YAML text, flags, and a target with its labels.
Out: FleetFile, and a DesiredState with the origin of each field.
Never: call AWS, or read the environment: it is passed in.
Start with: load.py, then resolve.py; flags.py for the overrides of the command line.
"""
