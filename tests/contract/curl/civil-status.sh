#!/bin/sh
# Registration of civil status.
. "$(dirname "$0")/lib.sh"

call POST /api/LayKetQua -H "$JSON" -d "{\"maTinh\": \"$PROVINCE\"}"
expect 401
call POST /token -H "$JSON" -d '{"username": "curl"}'
expect 200
AUTH="Authorization: Bearer $(field access_token)"
call POST /api/NhanDKHT -H "$AUTH" -H "$JSON" -d "{\"maHoSo\": \"$KEY\", \"loaiDangKy\": \"birth\",
    \"maTinh\": \"$PROVINCE\", \"maXa\": \"$COMMUNE\", \"nguoiYeuCau\": \"$CITIZEN\"}"
expect 202
wait_for state done GET "/api/registrations/$KEY"
call POST /api/LayKetQua -H "$AUTH" -H "$JSON" -d "{\"maTinh\": \"$PROVINCE\", \"soLuong\": 500}"
expect 200
field value.0.soDangKy >/dev/null
call GET "/api/registrations/none-$KEY"
expect 404
