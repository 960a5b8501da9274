"""The fleet file: find, check, and resolve it for each target.

In: YAML text, flags, and what is known of a target.
Out: FleetFile, and a DesiredState that knows which line set each field.
Never: ask AWS, or read the environment by itself: it is handed in.
Start with: load.py, then resolve.py; flags.py for what the command line may override.
"""
