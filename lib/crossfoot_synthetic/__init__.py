"""Made-up reports of both forms, typeset as real ones are, with known errors: for tests and benchmarks.

Every one says in its own text that it is generated. `corpus.write` makes a folder of them.
"""
