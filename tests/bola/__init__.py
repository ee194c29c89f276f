"""Broken object level authorization, looked for: random principals, foreign ids, and answers that may tell nothing."""
