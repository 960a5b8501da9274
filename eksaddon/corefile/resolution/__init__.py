"""What CoreDNS answers to the stock queries of a cluster, as far as the text decides it.

In: a parsed Corefile and the CoreDNS version it is for.
Out: for each stock query, the outcomes that are possible, each with the words that cause it.
Never: start CoreDNS, or guess what an upstream, a file or the Kubernetes API holds.
Start with: servers.py, then plugins.py for what each plugin does with a query.
"""
