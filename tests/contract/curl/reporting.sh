#!/bin/sh
# Reports of the day.
. "$(dirname "$0")/lib.sh"

# The unit of "at" is nowhere said.
call POST /api/reports -H "$JSON" -d "{\"province\": \"$PROVINCE\", \"at\": $(date +%s)000000000, \"received\": 3,
    \"open\": 1, \"finished\": 1, \"refused\": 1}"
expect 200
call GET "/api/provinces/$PROVINCE/reports"
expect 200
field 0.figures.received >/dev/null
call GET /api/reports/totals
expect 200
[ "$(field provinces)" -ge 1 ] || wrong "no province has reported"
call GET /api/provinces/00/reports
expect 404
