import { PROBLEMS, type ProblemCode } from '../../../domain/errors.ts';

/** What each code means to a client, and what it does about it; plain text without markup. */
const EXPLANATIONS: Readonly<Record<ProblemCode, string>> = {
  'validation-failed':
    'The body or the query breaks a rule. The member “errors” names every fault with its place: a JSON pointer into the body, ?name for a query parameter, !name for a header. Correct them all and send the request again.',
  'malformed-request':
    'The body is not JSON, or its encoding is broken. Correct it before sending it again.',
  'not-signed-in':
    'The request has no token, or one that has expired, is of another issuer or audience, or speaks for nobody here. Get a new token from the issuer.',
  'permission-missing':
    'You are signed in, but your roles do not allow this. The member “missing” names the permissions. An administrator of your organization can grant them.',
  'warning-not-accepted':
    'The file is marked as sensitive, and this browser session has not accepted to see it. The page of the evidence asks for that.',
  'passphrase-wrong':
    'The link asks for a passphrase, and none was sent or another one. Send it as the form field passphrase.',
  'cross-site-request':
    'The browser says that the form was sent by another site. Open the link itself, and send its own form.',
  'feature-missing':
    'An organization lacks a feature, which the member “missing” names. Only the operator of the installation can switch it on.',
  'partner-access-not-for-justice':
    'One of the two organizations is a justice organization. Share a copy of the case instead: method copy.',
  'partner-direction-missing':
    'The partnership does not go in this direction. The member “lacking” names whose setting is missing: maySendTo at the sender, mayReceiveFrom at the receiver.',
  'copy-cannot-be-revoked':
    'A copy belongs to the partner from the moment it is delivered. It can be cancelled only while it is being copied.',
  'not-found':
    'Nothing with this address exists, or it belongs to another organization. The two cannot be told apart.',
  'method-not-allowed':
    'The address exists, but not for this method. The header Allow lists those it takes.',
  'iso-too-large':
    'An ISO image holds at most 8 TiB in at most 65,535 folders. Ask for the format zip, or share a selection.',
  'wrong-state':
    'The resource is in a state in which this cannot be done. Read it again; the detail says what would be possible.',
  'already-exists':
    'Something with the same name or address exists. Use that one, or choose another name.',
  'too-many-files':
    'Through one link so many files are taken, as the member limit says. Put files together in an archive, or ask for another link.',
  'evidence-protected':
    'Evidence on hold, in a live share or download link, or being copied is not deleted. The problem lists the grounds: end them first.',
  'in-use': 'Something depends on it. The detail says what to change first.',
  'parts-missing':
    'The store does not hold every part of the upload. The problem lists the numbers of the missing parts: send them, then complete again.',
  'part-ambiguous':
    'A part was sent more than once with different content. Name the ETag of each part when completing.',
  'part-wrong-size':
    'A part is not as long as the upload’s part size asks for. Send it again in full, then complete again.',
  'idempotency-key-reused':
    'The Idempotency-Key belongs to an earlier request with another body. Use a new key for each new request.',
  'idempotency-key-in-use':
    'The first request with this Idempotency-Key is still running. Wait a moment and send the same request again.',
  'precondition-failed':
    'The version in If-Match is no longer the current one. Read the resource again and make your change on top of that.',
  'link-dead':
    'The link has expired, was revoked, closed, replaced or used up. Ask whoever sent it for a new one.',
  'body-too-large':
    'The request body is larger than the API takes. Files are sent as uploads, in parts.',
  'file-too-large': 'The file is larger than allowed here. Split it, or compress it again.',
  'too-many-bytes':
    'What may be handed in through one link is limited in all, as the member limit says, and the member left how much of that is left.',
  'file-type-not-supported':
    'Files with this extension are not accepted here. Convert the file to a supported type.',
  'unsupported-media-type': 'Send the body as application/json.',
  'range-not-satisfiable':
    'The asked range lies behind the end of the file. The header Content-Range has the length.',
  'too-many-requests': 'Wait as many seconds as the header Retry-After says, then try again.',
  unavailable:
    'A server that is needed does not answer. Nothing was changed. Try again after the seconds in Retry-After.',
  internal:
    'The fault is on our side and was logged. Tell the operator the requestId. Send a changing request again only with its Idempotency-Key.',
};

export function isProblemCode(value: string): value is ProblemCode {
  return Object.hasOwn(EXPLANATIONS, value);
}

/** The page that the `type` of a problem document leads to. */
export function problemPage(code: ProblemCode): string {
  const { status, title } = PROBLEMS[code];
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="stylesheet" href="/docs/assets/problem.css">
  </head>
  <body>
    <main>
      <h1>${title}</h1>
      <p>Status <code>${status}</code>, code <code>${code}</code></p>
      <p>${EXPLANATIONS[code]}</p>
      <p><a href="/docs">API documentation</a></p>
    </main>
  </body>
</html>
`;
}
