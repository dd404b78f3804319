#!/bin/sh
# A citizen submits a dossier, pays for it and gets its result.
. "$(dirname "$0")/lib.sh"

call GET /
expect 200
call GET "/api/procedures?q=khai%20sinh&limit=3"
expect 200
field procedures.0.MATTHC >/dev/null
call GET "/api/procedures/$PROCEDURE"
expect 200
call GET "/api/procedures/$PROCEDURE/blank-form"
expect 200
call GET "/api/provinces/$PROVINCE/services"
expect 200
call GET "/nop-ho-so?MaTTHCDP=$PROCEDURE"
expect 200
call GET /api/me/dossiers
expect 401
sign_in "$BASE"
call GET "/api/form?procedure=$PROCEDURE&province=$PROVINCE&commune=$COMMUNE" -b "$WORK/jar"
expect 200
call POST /api/attachments -b "$WORK/jar" -H 'Content-Type: application/octet-stream' --data-binary "$KEY"
expect 201
[ "$(field HashTepTin)" = "$DIGEST" ] || wrong "other bytes arrived"
FILE="{\"name\": \"to-khai.txt\", \"id\": \"$(field IdTepTin)\", \"sha256\": \"$DIGEST\"}"
call POST /api/dossiers -b "$WORK/jar" -H "$JSON" -H "Idempotency-Key: $KEY" -d "$(content "$FILE")"
expect 201
CODE=$(field code)
call GET "/api/dossiers/$CODE"
expect 200
call GET /api/me/dossiers -b "$WORK/jar"
expect 200
call GET "/api/dossiers/$CODE/payment" -b "$WORK/jar"
expect 200
call POST "/api/dossiers/$CODE/payment-order" -b "$WORK/jar"
expect 200
TOKEN=$(field token)
at "$PAYMENT"
call POST /checkout -H "$JSON" -d "{\"token\": \"$TOKEN\"}"
expect 201
ORDER=$(field order)
AMOUNT=$(field amount)
call POST "/checkout/$ORDER/authorize"
expect 200
CONSENT=$(field authorization)
at "$BASE"
call POST "/api/dossiers/$CODE/payment" -b "$WORK/jar" -H "$JSON" -H "Idempotency-Key: pay-$KEY" \
    -d "{\"order\": \"$ORDER\", \"authorization\": \"$CONSENT\"}"
expect 200 202
wait_for state paid GET "/api/dossiers/$CODE/payment" -b "$WORK/jar"
call POST /api/payment-notices -H "$JSON" -d "{\"charge\": \"$(field receipt)\", \"order\": \"$ORDER\",
    \"dossier\": \"$CODE\", \"amount\": $AMOUNT}"
expect 200
# Nobody here finishes the dossier: officials of the province do, and until then there is no result.
for attempt in 1 2 3 4 5 6 7 8; do
    call GET "/api/dossiers/$CODE/result" -b "$WORK/jar"
    expect 200 409
    [ "$STATUS" = 409 ] || break
    sleep 1
done
call POST /integration -H "$JSON" -d "{\"session\": \"curl\", \"service\": \"TraCuuHoSo\", \"mahoso\": \"$CODE\"}"
expect 200
[ "$(field hoSo.0.MaHoSo)" = "$CODE" ] || wrong "another dossier"
# What a case system tells: a dossier born there, and its progress.
call POST /integration -H "$JSON" -d "{\"session\": \"curl\", \"service\": \"DongBoHoSoMC\",
    \"data\": [$(case_dossier "TEST-$KEY" "$AGENCY" "$PROVINCE" "$COMMUNE")]}"
expect 200
call POST /integration -H "$JSON" -d "{\"session\": \"curl\", \"service\": \"CapNhatTienDoHoSoMC\", \"tienDo\": [
    {\"MaHoSo\": \"TEST-$KEY\", \"TrangThai\": 2, \"NguoiXuLy\": \"Can bo thu nghiem\", \"ChucDanh\": \"Chuyen vien\",
    \"ThoiDiemXuLy\": \"$NOW\", \"PhongBanXuLy\": \"Mot cua\", \"NoiDungXuLy\": \"Tiep nhan\", \"ThuTu\": 2}]}"
expect 200
call GET "/api/dossiers/TEST-$KEY"
expect 200
[ "$(field status)" = 2 ] || wrong "its progress is not known"
call DELETE /api/test-dossiers -H "$JSON" -d "{\"codes\": [\"TEST-$KEY\", \"none-$KEY\"]}"
expect 200
[ "$(field purged)" = 1 ] || wrong "not just the test dossier was removed"
call GET "/api/dossiers/TEST-$KEY"
expect 404
