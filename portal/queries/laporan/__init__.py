"""Reports and control reports (ADR 0015)."""
