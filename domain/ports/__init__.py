"""Ports: what the domain asks of the outside."""
