"""Probes in a cluster: a Job whose pods send lookups, and the figures that their logs hold.

In: a request, an image.
Out: figures, and what is wrong with a pod that has none.
Never: leave a Job behind that does not end by itself.
Start with: job.py (pure), then running.py.
"""
