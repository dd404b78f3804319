#!/bin/sh
# A province's officials: the counter, the inbox, registers, and what other systems tell.
. "$(dirname "$0")/lib.sh"

call GET /api/inbox
expect 401
call POST /api/officials/sign-in -H "$JSON" -d "{\"official\": \"$COMMUNE.reception\"}"
expect 200
AUTH="Authorization: Bearer $(field token)"
call POST /api/counter/dossiers -H "$AUTH" -H "$JSON" -H "Idempotency-Key: $KEY" -d "$(content)"
expect 201
CODE=$(field code)
# It may have been received meanwhile: a dossier that stands further cannot go back to 2.
call POST "/api/dossiers/$CODE/status" -H "$AUTH" -H "$JSON" -d '{"status": 2, "note": "curl"}'
expect 200 409
call POST /api/counter/dossiers -H "$AUTH" -H "$JSON" -H "Idempotency-Key: $KEY" -d "$(content)"
expect 200
[ "$(field code)" = "$CODE" ] || wrong "the same key, and another dossier than $CODE"
call GET "/api/inbox?limit=1" -H "$AUTH"
expect 200
call GET "/api/dossiers/$CODE" -H "$AUTH"
expect 200
call GET "/api/dossiers/$CODE/registers" -H "$AUTH"
expect 200
call POST /api/postal-status -H "$JSON" \
    -d "{\"order\": \"order-$KEY\", \"dossier\": \"$CODE\", \"kind\": \"return\", \"state\": \"ordered\"}"
expect 200
call GET "/api/postal-status/$CODE"
expect 200
[ "$(field 0.order)" = "order-$KEY" ] || wrong "the order is not known"
for register in "insurance-numbers/$CITIZEN" "taxpayers/$CITIZEN" "parcels/$COMMUNE/1/1"; do
    call GET "/api/registers/$register" -H "$AUTH"
    expect 200
done
hand_over "$(case_dossier "TEST-$KEY" "$AGENCY" "$PROVINCE" "$COMMUNE")"
call POST /integration -H "$JSON" \
    -d "{\"session\": \"curl\", \"service\": \"TraCuuHoSo\", \"mahoso\": \"TEST-$KEY\"}"
expect 200
[ "$(field hoSo.0.MaHoSo)" = "TEST-$KEY" ] || wrong "another dossier"
call DELETE /api/test-dossiers -H "$JSON" -d "{\"codes\": [\"none-$KEY\"]}"
expect 200
[ "$(field purged)" = 0 ] || wrong "an unknown dossier was removed"
