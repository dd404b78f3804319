#!/bin/sh
# Text messages.
. "$(dirname "$0")/lib.sh"

# 095300 and five zeros: nobody's number.
MESSAGE_BODY="{\"phone\": \"0953000000\", \"text\": \"Tin nhan thu nghiem $KEY\"}"
for status in 201 200; do
    call POST /api/messages -H "$JSON" -H "Idempotency-Key: $KEY" -d "$MESSAGE_BODY"
    expect $status
done
call GET /api/state
expect 200
