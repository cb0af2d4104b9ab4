"""A folder of reports audited on dask.distributed, and the reports of one issuer compared across years.

Needs the optional extra `corpus`; only the command line imports it. The way of a report: files.py finds
and hashes it, run.py sends it to a worker (cluster.py), worker.py has it audited in a process of its own
(child.py), store.py keeps the result, and at the end tables.py makes the tables of all, across years too.
"""
