"""Timings: measured side by side, written down, never asserted."""
