"""Idempotency keys: many requests with one key at the same moment, by servers that die at work, are one write."""
