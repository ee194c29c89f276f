"""Several real servers on one store, which may die at any step of a write, and what clients of them find."""
