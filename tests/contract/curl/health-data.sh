#!/bin/sh
# Health certificates.
. "$(dirname "$0")/lib.sh"

call GET "/api/health-certificates/$CITIZEN"
expect 200
[ "$(field citizen_id)" = "$CITIZEN" ] || wrong "another person"
call GET "/api/health-certificates/none-$KEY"
expect 404
