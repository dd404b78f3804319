#!/bin/sh
# Citizens.
. "$(dirname "$0")/lib.sh"

call GET "/api/citizens/$CITIZEN"
expect 200
[ "$(field citizen_id)" = "$CITIZEN" ] || wrong "another person"
call GET "/api/citizens/none-$KEY"
expect 404
