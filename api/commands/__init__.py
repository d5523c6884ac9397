"""What `python -m api` does: one module for each command, loaded when it is wanted, so that each starts quickly."""
