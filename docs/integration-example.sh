#!/bin/sh
# Plays an external reporting system from its first token to its last refusal; docs/integration.md explains
# each step. Needs curl and jq.
#
#   docs/integration-example.sh <origin of the API> <access token of an administrator>
#
# With `npm start` running, the token is: curl -s $API/dev/token -H 'Content-Type: application/json' \
#   -d '{"email":"administrator@northfield.example"}' | jq -r .accessToken
set -eu
API=$1
ADMINISTRATOR="Authorization: Bearer $2"
REPORTS=$API/api/pes-portals/incident-report

# Sends JSON: call <method> <address> <authorization> <body>
call() { curl -sS --fail-with-body -X "$1" "$2" -H "$3" -H 'Content-Type: application/json' -d "$4"; }
say() { printf '%s\n' "$*"; }

# An administrator names the owners once, and creates a client. Its secret is shown only now.
OWNER=$(curl -sS --fail-with-body "$API/api/v1/users?limit=1" -H "$ADMINISTRATOR" | jq -r '.data[0].id')
call PUT "$API/api/v1/settings/incident-report-integration" "$ADMINISTRATOR" \
  "{\"requestOwnerId\": \"$OWNER\", \"evidenceOwnerId\": \"$OWNER\"}" > /dev/null
CLIENT=$(call POST "$API/api/v1/api-clients" "$ADMINISTRATOR" '{"name": "Reporting system (example)"}')
CLIENT_ID=$(say "$CLIENT" | jq -r .clientId)
CLIENT_SECRET=$(say "$CLIENT" | jq -r .clientSecret)
say "client: $CLIENT_ID"

# From here on it is the external system: a token by its credentials, good for an hour.
TOKEN=$(curl -sS --fail-with-body "$API/api/oauth2/token" -u "$CLIENT_ID:$CLIENT_SECRET" \
  -d grant_type=client_credentials | jq -r .access_token)
SYSTEM="Authorization: Bearer $TOKEN"

# A report comes in: a portal for it, under the system's own id. With the same key it may be sent again.
REPORT="R-$(date +%s)-$$"
PORTAL=$(curl -sS --fail-with-body "$REPORTS" -H "$SYSTEM" -H "Idempotency-Key: $REPORT" \
  -H 'Content-Type: application/json' -d "{\"id\": \"$REPORT\", \"title\": \"Broken window\"}" | jq -r .portalId)
say "portal: $PORTAL"
call PATCH "$REPORTS/$PORTAL" "$SYSTEM" '{"title": "Broken shop window", "description": "Mill Road, at night"}' \
  | jq -r '"title: " + .title'

# Whoever reported it gets a link, which the system shows on its own page.
call POST "$REPORTS/$PORTAL/invite-link" "$SYSTEM" '{"communityMember": {"firstName": "Robin", "language": "en"}}' \
  | jq -r '"link: " + .inviteLink'

# Somebody opens the link in a browser, sends files and submits them. Until then the portal is open.
say 'waiting for a submission …'
until [ "$(call PATCH "$REPORTS/$PORTAL" "$SYSTEM" '{}' | jq -r .status)" = pending_triage ]; do sleep 1; done
say 'submitted'

# An administrator deletes the client: its very next call is refused, whatever token it has.
curl -sS --fail-with-body -X DELETE "$API/api/v1/api-clients/$CLIENT_ID" -H "$ADMINISTRATOR"
REFUSED=$(curl -sS -o /dev/null -w '%{http_code}' -X PATCH "$REPORTS/$PORTAL" -H "$SYSTEM" \
  -H 'Content-Type: application/json' -d '{"status": "closed"}')
say "after the deletion: $REFUSED"
[ "$REFUSED" = 401 ]
