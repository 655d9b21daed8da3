"""Programmes, lists, decrees and recipients for machines."""
