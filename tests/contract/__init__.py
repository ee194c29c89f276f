"""The OpenAPI document held against the application: what it describes is sent, and the answers are looked at."""
