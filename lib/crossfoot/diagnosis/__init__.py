"""Diagnosis: which cells, fewest first, would have to change for every sum to agree, and the findings."""
