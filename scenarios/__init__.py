"""Rehearsals as TOML files, and the journeys that they offer."""
