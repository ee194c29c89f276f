"""Systems of personnel by SCIM 2.0: asking (asking), pages that lose nobody (passes), users in our words (reading)."""

from adapters.hris.scim.system import SYSTEM, ScimSystem

__all__ = ["SYSTEM", "ScimSystem"]
