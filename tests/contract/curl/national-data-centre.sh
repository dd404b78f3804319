#!/bin/sh
# The second site.
. "$(dirname "$0")/lib.sh"

DOSSIER=$(case_dossier "TEST-$KEY" "$AGENCY" "$PROVINCE" "$COMMUNE")
call GET /api/lag
expect 200
HEAD=$(field head)
case $(field heard_seconds_ago) in
-* | [0-9][0-9]*) # no portal feeds it, at least not now: this client does
    NEXT=$(($(field applied) + 1))
    call POST /api/replicate -H "$JSON" -d "{\"head\": $NEXT, \"entries\": [
        {\"number\": $NEXT, \"code\": \"TEST-$KEY\", \"held\": {\"dossier\": $DOSSIER, \"steps\": [1], \"at\": 0}}]}"
    expect 200
    [ "$(field applied)" = "$NEXT" ] || wrong "entry $NEXT was not applied"
    ;;
*) # nothing new: what this client would add, the portal's own entry of that number would be taken for
    call POST /api/replicate -H "$JSON" -d "{\"head\": $HEAD}"
    expect 200 409 # 409: the portal has gone on meanwhile
    at "$NATIONAL_PORTAL"
    call POST /integration -H "$JSON" \
        -d "{\"session\": \"curl\", \"service\": \"DongBoHoSoMC\", \"data\": [$DOSSIER]}"
    expect 200
    at "$BASE"
    ;;
esac
wait_for code "TEST-$KEY" GET "/api/dossiers/TEST-$KEY"
call GET "/api/dossiers/none-$KEY"
expect 404
call POST /api/replicate -H "$JSON" -d '{"head": 1000000000, "entries": [{"number": 1000000000}]}'
expect 409
# 409 where it is behind, and the loss was not accepted
call POST /api/switch-over -H "$JSON" -d '{"accept_loss": false}'
expect 200 409
