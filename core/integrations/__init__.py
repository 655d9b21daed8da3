"""The outside world: one package per vendor, called by tasks only, outside any transaction."""
