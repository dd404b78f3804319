"""Tests of the links, the faults and the Toxiproxy server."""
