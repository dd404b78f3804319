#!/bin/sh
# Administrative units.
. "$(dirname "$0")/lib.sh"

call GET /api/provinces
expect 200
CODE=$(field 0.code)
call GET "/api/provinces/$CODE/communes"
expect 200
UNIT=$(field 0.code)
call GET "/api/units/$UNIT"
expect 200
[ "$(field province)" = "$CODE" ] || wrong "$UNIT is not in $CODE"
call GET "/api/units/$UNIT/successors"
expect 200
call GET /api/versions
expect 200
call GET "/api/units/none-$KEY"
expect 404
