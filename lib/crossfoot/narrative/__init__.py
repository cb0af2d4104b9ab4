"""The prose: every number in it as a claim, and what the claims say against the tables and each other."""
