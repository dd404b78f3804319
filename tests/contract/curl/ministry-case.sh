#!/bin/sh
# Officials of a ministry.
. "$(dirname "$0")/lib.sh"

call GET /api/inbox
expect 401
call POST /api/officials/sign-in -H "$JSON" -d '{"official": "curl"}'
expect 200
AUTH="Authorization: Bearer $(field token)"
# The documents name the units of the ministries, and the refusal says which one this is. A ministry's
# dossiers have no province.
call POST /integration -H "$JSON" -d "{\"session\": \"curl\", \"service\": \"NoiHoSo\",
    \"data\": [$(case_dossier "TEST-$KEY" none "" "")]}"
expect 422
UNIT=$(field message.en | sed -n 's/.* is not \([A-Z0-9.]*[A-Z0-9]\),.*/\1/p')
hand_over "$(case_dossier "TEST-$KEY" "$UNIT" "" "")"
# It may have been received meanwhile: a dossier that stands further cannot go back to 2.
call POST "/api/dossiers/TEST-$KEY/status" -H "$AUTH" -H "$JSON" -d '{"status": 2}'
expect 200 409
call GET "/api/dossiers/TEST-$KEY" -H "$AUTH"
expect 200
call GET "/api/inbox?limit=1" -H "$AUTH"
expect 200
call POST /integration -H "$JSON" -d "{\"session\": \"curl\", \"service\": \"TraCuuHoSo\", \"mahoso\": \"TEST-$KEY\"}"
expect 200
[ "$(field hoSo.0.MaHoSo)" = "TEST-$KEY" ] || wrong "another dossier"
call DELETE /api/test-dossiers -H "$JSON" -d "{\"codes\": [\"none-$KEY\"]}"
expect 200
[ "$(field purged)" = 0 ] || wrong "an unknown dossier was removed"
