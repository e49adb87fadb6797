/** The words of the mail that brings a one-time code, in each language. */
import type { Language } from '../../identity/user.entity.ts';
import type { MailContent } from '../../notifications/render.ts';

/** What the mail names: nothing of what the code opens. */
export interface CodeNotice {
  readonly name: string;
  readonly code: string;
  readonly minutes: number;
}

export const SIGN_IN_CODE: Readonly<Record<Language, (notice: CodeNotice) => MailContent>> = {
  en: ({ name, code, minutes }) => ({
    subject: 'Your code to sign in to Casebridge',
    paragraphs: [
      `Hello ${name},`,
      'your code to sign in is:',
      code,
      `It can be used once, within ${minutes} minutes, in the browser in which you asked for it.`,
      'Give it to nobody. If you did not ask for it, you need not do anything: without the code nobody gets in.',
    ],
  }),
  es: ({ name, code, minutes }) => ({
    subject: 'Su código para iniciar sesión en Casebridge',
    paragraphs: [
      `Hola, ${name}:`,
      'su código para iniciar sesión es:',
      code,
      `Se puede usar una sola vez, en un plazo de ${minutes} minutos y en el navegador en el que lo pidió.`,
      'No se lo dé a nadie. Si no lo ha pedido usted, no tiene que hacer nada: sin el código nadie entra.',
    ],
  }),
  fr: ({ name, code, minutes }) => ({
    subject: 'Votre code pour vous identifier sur Casebridge',
    paragraphs: [
      `Bonjour ${name},`,
      'votre code pour vous identifier est :',
      code,
      `Il est valable une seule fois, pendant ${minutes} minutes, dans le navigateur où vous l’avez demandé.`,
      'Ne le donnez à personne. Si vous ne l’avez pas demandé, vous n’avez rien à faire : sans ce code, personne n’entre.',
    ],
  }),
};
