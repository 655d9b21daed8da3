"""NIK verification by Ditjen Dukcapil: client, answer parser, simulator and its invented population.

Protocol, categories and how a real service is plugged in: docs/dukcapil.md.
"""
