#!/bin/sh
# Insured persons.
. "$(dirname "$0")/lib.sh"

call GET "/api/insured/$CITIZEN"
expect 200
[ "$(field citizen_id)" = "$CITIZEN" ] || wrong "another person"
call GET "/api/insured/none-$KEY"
expect 404
