#!/bin/sh
# The fee of a dossier, from the order to the charge.
. "$(dirname "$0")/lib.sh"

# An order is signed by the national portal, for a dossier that somebody has submitted there.
sign_in "$NATIONAL_PORTAL"
call POST /api/dossiers -b "$WORK/jar" -H "$JSON" -H "Idempotency-Key: $KEY" -d "$(content)"
expect 201
CODE=$(field code)
call POST "/api/dossiers/$CODE/payment-order" -b "$WORK/jar"
expect 200
TOKEN=$(field token)
at "$BASE"
call POST /checkout -H "$JSON" -d '{"token": "none"}'
expect 403
call POST /checkout -H "$JSON" -d "{\"token\": \"$TOKEN\"}"
expect 201
ORDER=$(field order)
call POST "/checkout/$ORDER/authorize"
expect 200
CONSENT=$(field authorization)
for status in 201 200; do
    call POST /api/charges -H "$JSON" -H "Idempotency-Key: charge-$KEY" \
        -d "{\"order\": \"$ORDER\", \"authorization\": \"$CONSENT\", \"dossier\": \"$CODE\"}"
    expect $status
done
[ "$(field order)" = "$ORDER" ] || wrong "another order was charged"
