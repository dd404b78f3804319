#!/bin/sh
# Procedures and catalogues.
. "$(dirname "$0")/lib.sh"

call GET "/api/provinces/$PROVINCE/procedures"
expect 200
CODE=$(field procedures.0.code)
call POST /integration -H "$JSON" -d "{\"session\": \"curl\", \"service\": \"LayThuTuc\", \"maTTHC\": \"$CODE\"}"
expect 200
[ "$(field result.0.MATTHC)" = "$CODE" ] || wrong "another procedure than $CODE"
for each in LayDanhSachTTHC.result LayDanhMucCoQuan.coQuan LayDanhMucLinhVuc.linhVuc; do
    call POST /integration -H "$JSON" -d "{\"session\": \"curl\", \"service\": \"${each%.*}\"}"
    expect 200
    field "${each#*.}.0" >/dev/null
done
call GET /api/provinces/00/procedures
expect 404
