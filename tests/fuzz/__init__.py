"""Fuzzing: parsers are fed with seeded mutations of good inputs, and may refuse, but never crash.

``python -m tests.fuzz --inputs 1000000`` runs as many as one likes; the tests run a few thousand. A parser is added in
the registry of a module of its own, which ``tests.fuzz.registry`` lists.
"""
