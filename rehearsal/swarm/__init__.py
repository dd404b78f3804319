"""The swarm: offers the planned arrivals to the country, whatever the country answers.

::

    arrivals.arrow ──► walk ──► crowd ──► HttpVisitor ──► transport ──► link
     (one share          (one greenlet       │ Sample, Intent
      per worker)         per arrival)       ▼
                                          recorder ──► samples.<w>.arrows, intents.<w>.jsonl

Locust gives the processes and the messages between them (``master``, ``worker``) and the web interface
(``web``); these three modules import it, and importing it patches the process. What is judged comes from
the samples, never from Locust's statistics.
"""
