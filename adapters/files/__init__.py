"""Import files: days that come as CSV files or workbooks of eighteen kinds, read, checked and put together."""

from adapters.files.system import SYSTEM

__all__ = ["SYSTEM"]
