import { z } from 'zod';
import { act, OPERATOR, unpoked } from '../domain/act.ts';
import { createAdministrator } from '../domain/identity/administrators.ts';
import { LANGUAGES } from '../domain/identity/user.entity.ts';
import { command } from './command.ts';

export const administratorCreate = command(
  {
    name: 'administrator create',
    summary: 'Create an administrator of an organization, who creates all other users',
    flags: {
      organization: { value: 'SLUG', description: 'the organization' },
      email: { value: 'ADDRESS', description: 'as the issuer of staff tokens knows it' },
      name: { value: 'NAME', description: 'the name that people read' },
      language: { value: 'CODE', description: `${LANGUAGES.join(', ')} (default en)` },
    },
    input: z.object({
      organization: z.string(),
      email: z.email('An e-mail address.').max(254),
      name: z.string().trim().min(1).max(200),
      language: z.enum(LANGUAGES, `One of ${LANGUAGES.join(', ')}.`).default('en'),
    }),
  },
  async ({ organization, ...fields }, operating) => {
    const acting = unpoked(await operating.database());
    const created = await act(acting, OPERATOR, (act) =>
      createAdministrator(act, organization, fields),
    );
    operating.print(`Created ${created.email} (${created.id}), administrator of ${organization}.`);
    return 0;
  },
);
