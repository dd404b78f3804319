#!/bin/sh
# The second site.
. "$(dirname "$0")/lib.sh"

call GET /api/lag
expect 200
APPLIED=$(field applied)
NEXT=$((APPLIED + 1))
HELD="{\"dossier\": $(case_dossier "TEST-$KEY" "$AGENCY" "$PROVINCE" "$COMMUNE"), \"steps\": [1], \"at\": 0}"
call POST /api/replicate -H "$JSON" \
    -d "{\"head\": $NEXT, \"entries\": [{\"number\": $NEXT, \"code\": \"TEST-$KEY\", \"held\": $HELD}]}"
expect 200 409 # 409: it has become the active site, e.g. by the last call below
if [ "$STATUS" = 200 ]; then
    [ "$(field applied)" = "$NEXT" ] || wrong "entry $NEXT was not applied"
    call GET "/api/dossiers/TEST-$KEY"
    expect 200
    [ "$(field code)" = "TEST-$KEY" ] || wrong "another dossier"
fi
call GET "/api/dossiers/none-$KEY"
expect 404
# A head that is ahead of what was applied: to switch over now would lose something, which was not accepted.
call POST /api/replicate -H "$JSON" -d "{\"head\": $((NEXT + 1))}"
expect 200 409
call POST /api/switch-over -H "$JSON" -d '{"accept_loss": false}'
expect 409 200
