#!/bin/sh
# Calling a unit.
. "$(dirname "$0")/lib.sh"

call GET "/api/provinces/$PROVINCE/numbers"
expect 200
UNIT=$(field 0.unit)
call POST /api/calls -H "$JSON" -d "{\"unit\": \"$UNIT\", \"patience\": 5}"
expect 200
[ "$(field unit)" = "$UNIT" ] || wrong "another unit than $UNIT"
call GET "/api/provinces/$PROVINCE/state"
expect 200
call GET /api/state
expect 200
call POST /api/calls -H "$JSON" -d "{\"unit\": \"none-$KEY\"}"
expect 404
