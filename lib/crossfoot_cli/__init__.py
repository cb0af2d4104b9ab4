"""The command line, above all packages: `crossfoot audit`, and what runs the notebooks."""
