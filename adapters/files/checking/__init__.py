"""Checking rows: every cell by its type, every row by its rules, and the canonical row that a good one makes."""
