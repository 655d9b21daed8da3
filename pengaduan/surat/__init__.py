"""Papers of this field."""
