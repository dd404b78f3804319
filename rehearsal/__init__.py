"""The composer: scenario, plan, country, swarm, faults and verdict of one rehearsal, and its command line."""
