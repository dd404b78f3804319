#!/bin/sh
# Officials sign in.
. "$(dirname "$0")/lib.sh"

call GET /.well-known/openid-configuration
expect 200
at "$ACCOUNTS"
call GET "/api/provinces/$PROVINCE/accounts"
expect 200
ACCOUNT=$(field 1.account)
at "$BASE"
call GET "/oauth2/authorize?client_id=curl&redirect_uri=https%3A%2F%2Fclient.example%2Fcallback&state=$KEY"
expect 200
call POST /oauth2/authorize -H "$JSON" -d "{\"request\": \"$(field request)\", \"account\": \"$ACCOUNT\"}"
expect 302
CODE=$(header Location | sed -n 's/.*[?&]code=\([^&]*\).*/\1/p')
call POST /oauth2/token -H "$JSON" -d "{\"client_id\": \"curl\", \"code\": \"$CODE\"}"
expect 200
call POST /oauth2/token -H "$JSON" -d "{\"client_id\": \"curl\", \"grant_type\": \"refresh_token\",
    \"refresh_token\": \"$(field refresh_token)\"}"
expect 200
TOKEN=$(field access_token)
call GET /oauth2/userinfo -H "Authorization: Bearer $TOKEN"
expect 200
call POST /oauth2/introspect -H "$JSON" -d "{\"token\": \"$TOKEN\"}"
expect 200
[ "$(field active)" = true ] || wrong "the token is worth nothing"
call GET /oauth2/userinfo
expect 401
