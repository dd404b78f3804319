#!/bin/sh
# Papers carried by post.
. "$(dirname "$0")/lib.sh"

ORDER_BODY="{\"dossier\": \"$KEY\", \"province\": \"$PROVINCE\", \"kind\": \"return\"}"
call POST /api/orders -H "$JSON" -H "Idempotency-Key: $KEY" -d "$ORDER_BODY"
expect 201
ORDER=$(field order)
call POST /api/orders -H "$JSON" -H "Idempotency-Key: $KEY" -d "$ORDER_BODY"
expect 200
[ "$(field order)" = "$ORDER" ] || wrong "the same key, and another order"
call GET "/api/orders/$ORDER"
expect 200
call GET /api/state
expect 200
call GET "/api/orders/none-$KEY"
expect 404
