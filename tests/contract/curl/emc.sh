#!/bin/sh
# Counting what became of dossiers.
. "$(dirname "$0")/lib.sh"

call GET "/api/provinces/$PROVINCE/events"
expect 200
BEFORE=$(field events)
for time in first again; do
    call POST /api/SendAction -H "$JSON" -d "{\"CodeProfile\": \"$KEY\", \"CodeTTHC\": \"$PROCEDURE\",
        \"NameTTHC\": \"Thu tuc\", \"Status\": 1, \"FormsReception\": \"1\", \"Level\": 4, \"IsFromDVCQG\": false,
        \"MaHoSo\": \"$KEY\", \"IsDVCBC\": false, \"User\": \"$AGENCY\"}"
    expect 200
done
call GET "/api/provinces/$PROVINCE/events"
expect 200
[ "$(field events)" -gt "$BEFORE" ] || wrong "the event was not counted"
call GET "/api/provinces/00/events"
expect 404
