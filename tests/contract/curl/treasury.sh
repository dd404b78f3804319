#!/bin/sh
# What the Treasury received.
. "$(dirname "$0")/lib.sh"

at "$FEE_CATALOGUE"
call GET /api/fees
expect 200
FEE=$(field 0.code)
AMOUNT=$(field 0.amount)
at "$BASE"
DAY=$(date +%Y-%m-%d)
for status in 201 200; do
    call POST /api/settlements -H "$JSON" -d "{\"charge\": \"$KEY\", \"dossier\": \"TEST-$KEY\",
        \"fee_code\": \"$FEE\", \"amount\": $AMOUNT, \"day\": \"$DAY\"}"
    expect $status
done
call GET /api/days
expect 200
call GET "/api/days/$DAY/totals"
expect 200
field totals.0.fee_code >/dev/null
