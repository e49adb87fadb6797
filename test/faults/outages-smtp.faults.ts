/** What stands before the mail server misbehaves under load, and the mail server itself. */
import { outagesOf } from './outages-manners.ts';
import { SMTP_OUTAGES } from './outages-smtp.ts';
import { testOutages } from './outages-suite.ts';

testOutages([...outagesOf('smtp'), ...SMTP_OUTAGES]);
