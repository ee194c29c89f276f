"""Forms against values, by JSON Schema 2020-12: the library stands here, because the domain opens nothing."""

from adapters.forms.checking import BadSchema, check_form
from adapters.forms.filling import fill

__all__ = ["BadSchema", "check_form", "fill"]
