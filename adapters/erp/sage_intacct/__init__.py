"""Sage Intacct: journal entries and master data, written through its XML gateway."""

from adapters.erp.sage_intacct.system import SYSTEM

__all__ = ["SYSTEM"]
