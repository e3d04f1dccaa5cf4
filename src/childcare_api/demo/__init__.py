"""Made-up people and children for demonstrations, tests and benchmarks. None of them exists."""
