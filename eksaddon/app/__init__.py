"""The use cases: what each command does, without options and output.

In: parsed options (fleet/request.py), and a session of ports (session.py).
Out: plans, results of runs, findings: values for `report`, and exit codes.
Never: parse a command line, print, or import an edge anywhere but in wiring.py and github/ (demo.py and
simulate.py start the simulator).
Start with: fleet/plan.py (making a plan), runs/rollout.py (executing it), wiring.py (the edges behind the
ports).
"""
