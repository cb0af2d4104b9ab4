"""What a reader without Jupyter gets of an audit: evidence page, working paper, annotated report."""
