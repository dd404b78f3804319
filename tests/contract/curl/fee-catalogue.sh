#!/bin/sh
# Fees in force.
. "$(dirname "$0")/lib.sh"

call GET /api/fees
expect 200
CODE=$(field 0.code)
call GET "/api/fees/$CODE"
expect 200
[ "$(field code)" = "$CODE" ] || wrong "another fee than $CODE"
call GET "/api/provinces/$PROVINCE/fees"
expect 200
call GET "/api/fees/none-$KEY"
expect 404
