"""Systems of personnel that daybook reads employees from."""
