"""A trial: plan, stub and swarm without a country, to examine the instrument itself.

::

    from rehearsal.trials.playing import conduct, playing
    from rehearsal.trials.trial import Trial

    trial = Trial(name="steady", rate=500, seconds=10, service=ServiceTime("exponential", 0.005))
    await conduct(trial, Path("/tmp/steady"))                  # a run folder that reports can judge

    async with playing(trial, Path("/tmp/frozen")) as play:    # the same, and a hand in it
        await play.until(4.0)
        os.kill(play.stub.pid, signal.SIGSTOP)
"""
