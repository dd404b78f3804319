#!/bin/sh
# Identification codes of agencies.
. "$(dirname "$0")/lib.sh"

call GET "/api/provinces/$PROVINCE/agencies"
expect 200
CODE=$(field 0.code)
call GET "/api/agencies/$CODE"
expect 200
[ "$(field code)" = "$CODE" ] || wrong "another agency than $CODE"
call GET "/api/agencies/none-$KEY"
expect 404
