import { z } from 'zod';
import { act, OPERATOR, unpoked } from '../domain/act.ts';
import { setIssuer } from '../domain/identity/organization-issuer.ts';
import { command, UsageError } from './command.ts';

export const organizationIssuer = command(
  {
    name: 'organization issuer',
    summary: 'Set where users sign in to what partners give them',
    positionals: ['slug'],
    flags: {
      set: { value: 'URL', description: 'an OpenID Connect issuer that SIGN_IN_CLIENTS names' },
      remove: { description: 'mail them one-time codes instead' },
    },
    input: z.object({
      slug: z.string(),
      set: z.url({ protocol: /^https?$/, error: 'The address of an issuer.' }).optional(),
      remove: z.boolean().default(false),
    }),
  },
  async ({ slug, set, remove }, operating) => {
    if ((set === undefined) === !remove) throw new UsageError('Give either --set URL or --remove.');
    if (set !== undefined && operating.config.SIGN_IN_CLIENTS[set] === undefined) {
      throw new UsageError(`SIGN_IN_CLIENTS has no client at ${set}: nobody could sign in there.`);
    }
    const acting = unpoked(await operating.database());
    await act(acting, OPERATOR, (act) => setIssuer(act, slug, set ?? null));
    operating.print(
      set === undefined
        ? `Users of ${slug} are mailed codes to sign in with.`
        : `Users of ${slug} sign in at ${set}.`,
    );
    return 0;
  },
);
