#!/bin/sh
# Officials' accounts of a province.
. "$(dirname "$0")/lib.sh"

call GET "/api/provinces/$PROVINCE/accounts"
expect 200
ACCOUNT=$(field 0.account)
UNIT=$(field 0.unit)
call GET "/api/accounts?unit=$UNIT"
expect 200
call GET "/api/accounts/$ACCOUNT"
expect 200
for active in false true; do
    call PUT "/api/accounts/$ACCOUNT" -H "$JSON" -d "{\"active\": $active}"
    expect 200
    [ "$(field active)" = "$active" ] || wrong "the right of $ACCOUNT is not $active"
done
call GET "/api/accounts/nobody-$KEY"
expect 404
