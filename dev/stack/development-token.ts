import { z } from 'zod';

const answer = z.object({ accessToken: z.string() });

/** An access token for the user from the development issuer. */
export async function developmentToken(origin: string, email: string): Promise<string> {
  const response = await fetch(`${origin}/dev/token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email }),
  });
  return answer.parse(await response.json()).accessToken;
}
