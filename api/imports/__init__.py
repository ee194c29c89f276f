"""Import files, as every way in takes them: checked as one session, then recorded day by day, or refused as a whole."""

from api.imports.feeding import Feeding, feeding
from api.imports.session import Given, Imported, Refused, as_given, import_session

__all__ = ["Feeding", "Given", "Imported", "Refused", "as_given", "feeding", "import_session"]
