"""Accounts: which account of a client's books each line of the journal entries goes to."""

from domain.accounts.defaults import DEFAULT_ACCOUNTS
from domain.accounts.keys import HEADS, LONGEST_KEY, BadAccountKey, checked_key, key_parts, key_text
from domain.accounts.mapping import LONGEST_ACCOUNT, AccountMapping, BadAccount, checked_account

__all__ = [
    "DEFAULT_ACCOUNTS",
    "HEADS",
    "LONGEST_ACCOUNT",
    "LONGEST_KEY",
    "AccountMapping",
    "BadAccount",
    "BadAccountKey",
    "checked_account",
    "checked_key",
    "key_parts",
    "key_text",
]
