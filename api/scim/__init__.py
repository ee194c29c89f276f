"""Employees for other systems, as SCIM 2.0 has users (RFC 7643, 7644): read only, and no personal data unasked."""
