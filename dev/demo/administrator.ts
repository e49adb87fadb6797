/** The demo's first user, an administrator of its first organization; `npm run import` signs in as it. */
export const DEMO_ADMINISTRATOR = 'administrator@northfield.example';
