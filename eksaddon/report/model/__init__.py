"""What every report is drawn from.

In: plans, results of runs, drift, status.
Out: a ReportModel with one entry for each target, and counts that add up.
Never: know a format.
Start with: model.py, then build.py and states.py.
"""
