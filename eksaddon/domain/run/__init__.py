"""What a run is made of.

In: a plan, and records in the order they happened.
Out: RunProgress: where every target and wave stands, replayed from the records alone.
Never: read a clock or a journal: a record brings its time with it.
Start with: records.py, then progress.py; outcome.py for how a target can end.
"""
