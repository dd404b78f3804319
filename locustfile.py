"""The door for people who know Locust: ``locust`` in this folder opens its web interface on the journeys."""

from locust import events

from rehearsal.swarm.web import Citizen, Official, open_country

__all__ = ["Citizen", "Official"]

events.init.add_listener(open_country)  # type: ignore[no-untyped-call]  # Locust's
