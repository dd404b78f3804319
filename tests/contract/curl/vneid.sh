#!/bin/sh
# A citizen signs in, once in the application, once with a code.
. "$(dirname "$0")/lib.sh"

QUERY="client_id=curl&redirect_uri=https%3A%2F%2Fclient.example%2Fcallback&state=$KEY"
call GET "/oauth2/authorize?$QUERY"
expect 200
PAGE=$(field request)
call POST /oauth2/authorize -H "$JSON" -d "{\"request\": \"$PAGE\", \"citizen_id\": \"$CITIZEN\"}"
expect 302
CODE=$(header Location | sed -n 's/.*[?&]code=\([^&]*\).*/\1/p')
call POST /oauth2/token -H "$JSON" -d "{\"client_id\": \"curl\", \"code\": \"$CODE\"}"
expect 200
call GET /oauth2/userinfo -H "Authorization: Bearer $(field access_token)"
expect 200
[ "$(field citizen_id)" = "$CITIZEN" ] || wrong "somebody else has signed in"
call GET "/oauth2/authorize?$QUERY-2"
expect 200
PAGE=$(field request)
call POST /api/one-time-codes -H "$JSON" -d "{\"request\": \"$PAGE\", \"citizen_id\": \"$CITIZEN\"}"
expect 202
wait_for messages.-1.request "$PAGE" GET "/api/phones/$CITIZEN"
CODE=$(field messages.-1.code)
call POST /oauth2/authorize/one-time-code -H "$JSON" \
    -d "{\"request\": \"$PAGE\", \"citizen_id\": \"$CITIZEN\", \"code\": \"$CODE\"}"
expect 302
call GET /oauth2/userinfo
expect 401
