#!/bin/sh
# Signatures of units and their certificates.
. "$(dirname "$0")/lib.sh"

call GET "/api/provinces/$PROVINCE/certificates"
expect 200
UNIT=$(field 5.unit)
call GET "/api/certificates/$UNIT"
expect 200
call POST /api/certificates/reissue -H "$JSON" -d "{\"units\": [\"$UNIT\"]}"
expect 202
wait_for waiting 0 GET /api/certificates/reissue
call POST /api/sign -H "$JSON" -d "{\"digest\": \"$DIGEST\", \"unit\": \"$UNIT\", \"dossier\": \"$KEY\"}"
expect 200
SIGNATURE=$(field signature)
call POST /api/verify -H "$JSON" -d "{\"digest\": \"$DIGEST\", \"signature\": \"$SIGNATURE\"}"
expect 200
[ "$(field valid)" = true ] || wrong "the signature is not good: $(field reason)"
call POST "/api/certificates/$UNIT/revoke"
expect 200
[ "$(field state)" = revoked ] || wrong "it was not revoked"
call POST /api/verify -H "$JSON" -d "{\"digest\": \"$DIGEST\", \"signature\": \"$SIGNATURE\"}"
expect 200
[ "$(field reason)" = certificate-revoked ] || wrong "good, though the certificate was revoked"
# and a new one, so that the unit can sign again
call POST /api/certificates/reissue -H "$JSON" -d "{\"units\": [\"$UNIT\"]}"
expect 202
wait_for state valid GET "/api/certificates/$UNIT"
