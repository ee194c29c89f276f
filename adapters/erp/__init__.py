"""Systems of accounting."""
