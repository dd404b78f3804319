#!/bin/sh
# Handing integration calls on.
. "$(dirname "$0")/lib.sh"

call POST /adapter/login -H "$JSON" -d '{"username": "curl"}'
expect 200
SESSION=$(field session)
# A dossier to ask for.
at "$CASE_SYSTEM"
hand_over "$(case_dossier "TEST-$KEY" "$AGENCY" "$PROVINCE" "$COMMUNE")"
at "$BASE"
call POST /integration -H "$JSON" -H "dstcode: $PROVINCE" \
    -d "{\"session\": \"$SESSION\", \"service\": \"TraCuuHoSo\", \"mahoso\": \"TEST-$KEY\"}"
expect 200
[ "$(field hoSo.0.MaHoSo)" = "TEST-$KEY" ] || wrong "another dossier"
call POST /integration -H "$JSON" -H "dstcode: $PROVINCE" \
    -d "{\"session\": \"none\", \"service\": \"TraCuuHoSo\", \"mahoso\": \"TEST-$KEY\"}"
expect 401
call POST /integration -H "$JSON" -H "dstcode: none-$KEY" \
    -d "{\"session\": \"$SESSION\", \"service\": \"TraCuuHoSo\", \"mahoso\": \"TEST-$KEY\"}"
expect 502
call POST /integration -H "$JSON" -d "{\"session\": \"$SESSION\", \"service\": \"TraCuuHoSo\"}"
expect 400
