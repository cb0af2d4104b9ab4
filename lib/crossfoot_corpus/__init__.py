"""A folder of reports audited on dask.distributed, and the reports of one issuer compared across years.

Needs the optional extra `corpus`; nothing else in the package imports it. The way of a report: files.py finds
and hashes it, run.py sends it to a worker, work.py has it audited in a process of its own (child.py),
store.py keeps the result, and at the end compact.py and across.py make the tables of all.
"""
