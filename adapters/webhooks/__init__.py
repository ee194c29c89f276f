"""Webhooks: notices that business days moved, signed as Standard Webhooks has it, to whoever wants to be told."""

from adapters.webhooks.system import SYSTEM, WebhookSystem

__all__ = ["SYSTEM", "WebhookSystem"]
