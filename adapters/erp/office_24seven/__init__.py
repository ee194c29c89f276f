"""The 24SevenOffice adapter: their calls (client), their JSON (wire), our entries in theirs (posting), and one door."""

from adapters.erp.office_24seven.system import SYSTEM, OfficeSystem

__all__ = ["SYSTEM", "OfficeSystem"]
