"""What tests and benchmarks share: a PostgreSQL server of their own, fakes of the ports, faults."""
