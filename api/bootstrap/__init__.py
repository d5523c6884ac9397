"""From a fresh clone to a program that can run: environment, packages, Node, the built site; what is done is skipped.

Run by `make` with whatever Python the machine has, so it uses the standard library only. `__main__` must be
understood by Pythons that are too old for the rest.
"""
