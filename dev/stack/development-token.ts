import { z } from 'zod';

const answer = z.object({ accessToken: z.string() });

/** An access token for the user from the development issuer; none where there is no user. */
export async function developmentToken(
  origin: string,
  email: string | undefined,
): Promise<string | undefined> {
  if (email === undefined) return undefined;
  const response = await fetch(`${origin}/dev/token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email }),
  });
  return answer.parse(await response.json()).accessToken;
}
