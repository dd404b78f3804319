"""The prober: a second witness, in a process of its own, that shares no code with the swarm.

It sends a few requests a second beside the swarm's own. Where the response times that the two have seen
differ by more than chance, the swarm has measured itself and not the country.
"""
