#!/bin/sh
# Centres and what they receive.
. "$(dirname "$0")/lib.sh"

call GET "/api/provinces/$PROVINCE/centres"
expect 200
UNIT=$(field 0.unit)
call GET "/api/centres/$UNIT"
expect 200
[ "$(field centre.unit)" = "$UNIT" ] || wrong "another centre than $UNIT"
call GET "/api/centres/none-$KEY"
expect 404
