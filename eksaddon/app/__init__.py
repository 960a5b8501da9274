"""The use cases: what each command does, without its options and its output.

In: requests of the command line as values (fleet/request.py), and a session of ports (session.py).
Out: plans, results of runs, findings: values that `report` can show, and exit codes.
Never: parse a command line, print, or import an edge anywhere but in wiring.py and github/ (demo.py and
simulate.py start the simulator).
Start with: fleet/plan.py (how a plan is made), runs/rollout.py (how it is carried out), wiring.py (what is
behind the ports).
"""
