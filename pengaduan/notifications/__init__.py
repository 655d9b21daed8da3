"""Telling staff that something of a citizen waits for them. Numbers only: no name, no story, no place below the desa."""
