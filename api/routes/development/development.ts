import Router from '@koa/router';
import { z } from 'zod';
import { DomainError, invalid, notFound } from '../../../domain/errors.ts';
import { findStaff } from '../../../domain/identity/staff.ts';
import type { ApiDeps } from '../../deps.ts';
import { faultsOf } from '../../validation.ts';

const tokenRequest = z.strictObject({ email: z.email() });

/** `POST /dev/token`: signs in anybody who is on file, without a password. Development mode only. */
export function developmentRoutes({ database, developmentIssuer }: ApiDeps): Router {
  const router = new Router();
  router.post('/dev/token', async (ctx) => {
    ctx.state.route = '/dev/token';
    if (developmentIssuer === null) throw notFound('address');
    const body = tokenRequest.safeParse(ctx.request.body ?? {});
    if (!body.success) {
      throw invalid(...faultsOf(body.error, (path) => path.map((name) => `/${name}`).join('')));
    }
    const staff = await findStaff(database.em.fork(), body.data.email);
    if (staff === null) {
      throw new DomainError('not-found', 'No user has this address, or the user is disabled.');
    }
    ctx.set('Cache-Control', 'no-store');
    ctx.body = { accessToken: await developmentIssuer.issue(staff.email) };
  });
  return router;
}
