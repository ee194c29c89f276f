"""HTTP API version 1."""

from api.http.application import create_app

__all__ = ["create_app"]
