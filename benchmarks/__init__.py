"""Benchmarks: daybook against floors and a peer measured in the same run; ``make bench`` prints the ratios."""
