#!/bin/sh
# Health insurance.
. "$(dirname "$0")/lib.sh"

call GET "/api/eligibility/$CITIZEN"
expect 200
[ "$(field citizen_id)" = "$CITIZEN" ] || wrong "another person"
call GET "/api/eligibility/none-$KEY"
expect 404
