"""The model that every report renders.

In: plans, results of runs, drift, status.
Out: a ReportModel with one entry for each target, and counts that add up.
Never: depend on a format.
Start with: model.py, then build.py and states.py.
"""
