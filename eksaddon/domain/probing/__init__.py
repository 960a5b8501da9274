"""What is asked of DNS, what came back in numbers, and what the numbers prove.

In: words of the fleet file and of the command line, counts.
Out: settings of a probe, and a judgement with its reasons.
Never: send a lookup, or read a clock: probe/ does that.
Start with: gate.py, then figures.py and verdict.py.
"""
