"""daybook's adapters: everything outside, each behind a port of the domain."""
