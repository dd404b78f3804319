#!/bin/sh
# What an operations centre shows.
. "$(dirname "$0")/lib.sh"

# The unit of "at" is nowhere said: nanoseconds of Unix time make every run newer than the one before.
AT_NS=$(date +%s)000000000
call PUT /api/kpis -H "$JSON" -d "{\"province\": \"$PROVINCE\", \"at\": $AT_NS, \"received\": 3, \"open\": 1,
    \"finished\": 1, \"refused\": 1}"
expect 200
call GET /api/kpis
expect 200
[ "$(field at)" = "$AT_NS" ] || wrong "another snapshot is shown"
call PUT /api/kpis -H "$JSON" -d '{"province": "00", "at": 1, "received": 0, "open": 0, "finished": 0, "refused": 0}'
expect 422
