"""Access: who comes in. What somebody sends becomes a principal, or is refused."""
