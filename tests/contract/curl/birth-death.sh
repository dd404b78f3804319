#!/bin/sh
# Birth and death, interconnected.
. "$(dirname "$0")/lib.sh"

PATHS=/api/lienthongdvclt
call GET "$PATHS/LayDanhSachHoSo?maTinh=$PROVINCE"
expect 401
call POST /api/token -H "$JSON" -d '{"userName": "curl"}'
expect 200
AUTH="Authorization: Bearer $(field token)"
call POST "$PATHS/hosolienthong" -H "$AUTH" -H "$JSON" -d "{\"maHoSo\": \"$KEY\", \"maTTHC\": \"1.001193\",
    \"module\": \"KS\", \"maTinh\": \"$PROVINCE\", \"maXa\": \"$COMMUNE\", \"maDonVi\": \"$AGENCY\",
    \"ngayTiepNhan\": \"$NOW\", \"techId\": \"$CITIZEN\"}"
expect 200 201
CODE=$(field key)
call GET "$PATHS/LayDanhSachHoSo?maTinh=$PROVINCE&limit=200" -H "$AUTH"
expect 200
call GET "$PATHS/hosolienthong/$CODE" -H "$AUTH"
expect 200
call GET "$PATHS/hosolienthong/$CODE/parts" -H "$AUTH"
expect 200
call PUT "$PATHS/CapNhatDaNhanHoSo" -H "$AUTH" -H "$JSON" -d "{\"maHoSo\": \"$CODE\"}"
expect 200
call POST "$PATHS/CapNhatTrangThai" -H "$AUTH" -H "$JSON" -d "{\"maTTHC\": \"1.001193\", \"soHoSoLT\": \"$CODE\",
    \"coQuanXuLy\": \"$AGENCY\", \"maHoSo\": \"$KEY\", \"trangThai\": 2, \"thoiGianThucHien\": \"$NOW\"}"
expect 200
call GET "$PATHS/hosolienthong/$CODE" -H "$AUTH"
expect 200
[ "$(field daNhan)" = true ] || wrong "the province has it, and it is not said"
