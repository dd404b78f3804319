# Shared by all scripts of this folder, which source it: a client that trusts the OpenAPI documents only.
#
#   at ADDRESS                   whom the next calls are for; its document is fetched once
#   call METHOD PATH [CURL ...]  one call; prints "METHOD path status"; the answer must be one that is declared
#   expect STATUS ...            the last call must have had one of these statuses
#   field PATH                   a value of the last answer, e.g. `field procedures.0.MATTHC`
#   header NAME                  a header of the last answer
#   wait_for PATH VALUE METHOD URL_PATH [CURL ...]
#                                repeat a call until a value of its answer is as wanted
#
# Whatever goes wrong is said, and the script ends with 1.
set -eu
: "${BASE:?address of the system}"

WORK=$(mktemp -d)
QUIET=
trap 'rm -rf "$WORK"' EXIT

KEY="curl-$(date +%s)-$$"             # fresh for every run: idempotency keys, ids, codes of dossiers
JSON="Content-Type: application/json"
PROVINCE=15
COMMUNE=02647
AGENCY=H38.99.02647
PROCEDURE=2.000635                    # with a fee
NOW=$(date +%Y%m%d%H%M%S)
# A citizen of the rehearsal. The fourth digit (5) would be a woman born after 2200: no living person has it.
CITIZEN=015591000001
DIGEST=$(python3 -c 'import hashlib, sys; print(hashlib.sha256(sys.argv[1].encode()).hexdigest())' "$KEY")

wrong() {
    echo "WRONG: $*"
    exit 1
}

at() {
    AT=$1
    DOCUMENT="$WORK/$(printf %s "$AT" | tr -c 'A-Za-z0-9\n' _).json"
    [ -s "$DOCUMENT" ] || curl -sS -m 20 -o "$DOCUMENT" "$AT/openapi.json" || wrong "no document at $AT"
}

# What an answer must be by the document: declared status, header fields, media type, required fields.
CHECK='
import json, re, sys

document, method, path, status, media, headers, body = sys.argv[1:]
api = json.load(open(document))
path = path.split("?")[0]
found = sorted(
    (template.count("{"), template)
    for template in api["paths"]
    if method.lower() in api["paths"][template]
    and re.fullmatch(re.sub(r"\\\{[^/]+\\\}", "[^/]+", re.escape(template)), path)
)
if not found:
    sys.exit("the document has no " + method + " " + path)
responses = api["paths"][found[0][1]][method.lower()]["responses"]
if status not in responses:
    sys.exit("status " + status + " is not declared, but " + ", ".join(responses))


def resolved(schema):
    while "$ref" in schema:
        target = api
        for part in schema["$ref"].lstrip("#/").split("/"):
            target = target[part]
        schema = target
    return schema


KINDS = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}


def faults(value, schema, where):
    schema = resolved(schema)
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            several = [faults(value, each, where) for each in schema[choice]]
            return [] if [] in several else min(several, key=len)
    kind = schema.get("type")
    if kind == "null":
        return [] if value is None else [where + " is not null"]
    if kind in KINDS and (
        not isinstance(value, KINDS[kind]) or (isinstance(value, bool) and kind != "boolean")
    ):
        return [where + " is no " + kind]
    if "enum" in schema and value not in schema["enum"]:
        return [where + " is none of " + str(schema["enum"])]
    if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
        return [where + " does not match " + schema["pattern"]]
    if isinstance(value, list):
        items = schema.get("items", {})
        return [bad for n, each in enumerate(value) for bad in faults(each, items, where + "." + str(n))]
    if isinstance(value, dict):
        bad = [where + "." + name + " is missing" for name in schema.get("required", []) if name not in value]
        rest, known = schema.get("additionalProperties"), schema.get("properties", {})
        for name, each in value.items():
            inner = known.get(name, rest)
            bad += faults(each, inner, where + "." + name) if isinstance(inner, dict) else []
        return bad
    return []


answer = resolved(responses[status])
sent = {line.split(":")[0].strip().lower() for line in open(headers)}
missing = [name for name, each in answer.get("headers", {}).items()
           if each.get("required") and name.lower() not in sent]
if missing:
    sys.exit("header fields are missing: " + ", ".join(missing))
content, media = answer.get("content", {}), media.split(";")[0].strip()
if content and media not in content:
    sys.exit("media type " + (media or "none") + " is not declared, but " + ", ".join(content))
if media in content and "json" in media:
    try:
        value = json.load(open(body))
    except ValueError as problem:
        sys.exit("the body is no JSON: " + str(problem))
    bad = faults(value, content[media].get("schema", {}), "body")
    if bad:
        sys.exit("; ".join(bad[:5]))
'

call() {
    METHOD=$1
    REQUEST=$2
    shift 2
    : >"$WORK/body"
    SEEN=$(curl -sS -m 20 -X "$METHOD" -o "$WORK/body" -D "$WORK/headers" -w '%{http_code} %{content_type}' \
        "$@" "$AT$REQUEST" 2>&1) || wrong "$METHOD $REQUEST: $SEEN"
    STATUS=${SEEN%% *}
    [ -n "$QUIET" ] || echo "$METHOD ${REQUEST%%\?*} $STATUS"
    WHY=$(python3 -c "$CHECK" "$DOCUMENT" "$METHOD" "$REQUEST" "$STATUS" "${SEEN#* }" "$WORK/headers" "$WORK/body" 2>&1) ||
        wrong "$METHOD $REQUEST $STATUS: $WHY: $(head -c 400 "$WORK/body")"
}

expect() {
    for allowed in "$@"; do
        [ "$STATUS" = "$allowed" ] && return 0
    done
    wrong "$METHOD $REQUEST: $STATUS where $* was to be expected: $(head -c 400 "$WORK/body")"
}

field() {
    python3 -c '
import json, sys

value = json.load(open(sys.argv[1]))
try:
    for part in sys.argv[2].split("."):
        value = value[int(part)] if isinstance(value, list) else value[part]
except (KeyError, IndexError, ValueError, TypeError):
    sys.exit(1)
print(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
' "$WORK/body" "$1" || {
        echo "WRONG: the answer has no $1: $(head -c 400 "$WORK/body")" >&2
        return 1
    }
}

header() {
    awk -v name="$1:" 'tolower($1) == tolower(name) { value = $2 } END { print value }' "$WORK/headers" |
        tr -d '\r'
}

wait_for() {
    WANTED_FIELD=$1
    WANTED=$2
    shift 2
    TRIES=0
    QUIET=yes
    while :; do
        call "$@"
        expect 200 404 409
        [ "$STATUS" != 200 ] || [ "$(field "$WANTED_FIELD" 2>&1)" != "$WANTED" ] || break
        TRIES=$((TRIES + 1))
        [ $TRIES -lt 25 ] || wrong "$2 never had $WANTED_FIELD $WANTED: $(head -c 400 "$WORK/body")"
        sleep 1
    done
    QUIET=
    echo "$METHOD ${REQUEST%%\?*} $STATUS"
}

# What several systems take in the same way.

# The content of a dossier, as the documents' example of it has it.
content() {
    printf '{"content": {"procedure": "%s", "province": "%s", "commune": "%s", "agency": "%s", ' \
        "$PROCEDURE" "$PROVINCE" "$COMMUNE" "$AGENCY"
    printf '"attachments": [%s], "test_run": "%s"}}' "${1:-}" "$KEY"
}

# One dossier as systems hand it to each other: its code, its receiving unit, its province, its commune.
case_dossier() {
    printf '{"MaHoSo": "%s", "MaTTHC": "%s", "ChuHoSo": "%s", "LoaiDoiTuong": 0, "MaTinh": "%s", "MaXa": "%s", ' \
        "$1" "$PROCEDURE" "$CITIZEN" "$3" "$4"
    printf '"MaDonViTiepNhan": "%s", "NgayNop": "%s", "ThanhPhanHoSo": [], "NoiDung": {}, "KhoaGuiNhan": "key-%s"}' \
        "$2" "$NOW" "$1"
}

# Hand a dossier to a system as the national portal does: NoiHoSo. The portal is told of it first, since the
# case system reports its progress to the portal, and waits for ever where the portal does not know the dossier.
hand_over() {
    RECEIVER=$AT
    at "$NATIONAL_PORTAL"
    call POST /integration -H "$JSON" -d "{\"session\": \"curl\", \"service\": \"DongBoHoSoMC\", \"data\": [$1]}"
    expect 200
    at "$RECEIVER"
    call POST /integration -H "$JSON" -d "{\"session\": \"curl\", \"service\": \"NoiHoSo\", \"data\": [$1]}"
    expect 200
}

# Sign a citizen in at a portal through VNeID; the session is in the cookie jar $WORK/jar afterwards.
sign_in() {
    PORTAL=$1
    at "$PORTAL"
    call GET /auth/login
    expect 302
    QUERY=$(header Location)
    at "$VNEID"
    call GET "/oauth2/authorize?${QUERY#*\?}"
    expect 200
    call POST /oauth2/authorize -H "$JSON" -d "{\"request\": \"$(field request)\", \"citizen_id\": \"$CITIZEN\"}"
    expect 302
    BACK=$(header Location)
    at "$PORTAL"
    call GET "/auth/callback?${BACK#*\?}" -c "$WORK/jar"
    expect 303
}

at "$BASE"
