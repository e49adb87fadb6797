import type { inviteNoticesEn, invitesEn } from './invites-en.ts';

export const invitesEs: typeof invitesEn = {
  landing: {
    title: (organization) => `${organization} le pide fotos, vídeos u otros archivos`,
    text: 'Puede enviarlos aquí desde su teléfono o su ordenador, de forma directa y segura.',
    open: 'Abrir la página',
    note: 'Solo puede abrirla quien tenga este enlace: no lo comparta. Con él se pueden entregar archivos una sola vez.',
  },
  terms: {
    title: 'Antes de empezar',
    text: (organization) => `Lea los términos y condiciones de ${organization}.`,
    accept: 'Acepto, continuar',
    note: 'Si no los acepta, cierre esta página. No se envía nada.',
  },
  page: {
    heading: (organization) => `Enviar archivos a ${organization}`,
    reference: 'Referencia',
    until: 'Puede enviar archivos hasta',
    steps:
      'Elija sus archivos y súbalos. Después seleccione Entregar al final de la página: solo entonces quedan entregados.',
    expired:
      'El enlace ha caducado. Lo que empezó a enviar puede terminarse y entregarse; no se admite nada nuevo.',
    most: (files, file, total) =>
      `Hasta ${files} archivos, ${file} por archivo y ${total} en total.`,
    types: 'Tipos de archivo admitidos',
  },
  contact: {
    title: 'Sobre usted',
    optional: 'opcional',
    required: 'obligatorio',
    firstName: 'Nombre',
    lastName: 'Apellidos',
    email: 'Correo electrónico',
    phone: 'Teléfono móvil',
    phoneHint: 'Con el prefijo del país, por ejemplo +34 600 000 000.',
    dateOfBirth: 'Fecha de nacimiento',
    known: 'Ya tenemos sus demás datos.',
  },
  faultsTitle: 'Revise lo que ha escrito',
  handIn: {
    needsScript:
      'Para enviar archivos hace falta JavaScript, que está desactivado en este navegador.',
  },
  receipt: {
    title: 'Gracias. Sus archivos se han entregado',
    text: (organization) => `${organization} ha recibido todo lo que aparece aquí.`,
    at: 'Entregado',
    number: 'Número de recibo',
    to: 'Recibido por',
    files: (count, one) => (one ? '1 archivo' : `${count} archivos`),
    sha256: 'SHA-256',
    sha256Note:
      'El SHA-256 de un archivo es su huella digital. Se calculó a partir de lo que llegó aquí: quien tenga el archivo puede comprobar con ella que nada ha cambiado.',
    caption: 'Su descripción',
    print:
      'Guarde esta página: imprímala o guárdela como PDF desde el menú del navegador. En este navegador puede abrirla de nuevo con su enlace.',
  },
  showReceipt: 'Ver mi recibo',
  publicPage: {
    title: (organization) => `Enviar archivos a ${organization}`,
    text: 'Deje sus datos de contacto y le enviaremos un enlace privado. Con él podrá enviar sus fotos, vídeos y otros archivos.',
    limits: (files, file, total) =>
      `Con el enlace puede enviar hasta ${files} archivos, ${file} por archivo y ${total} en total.`,
    delivery: '¿Cómo quiere recibir el enlace?',
    byEmail: 'Por correo electrónico',
    bySms: 'Por mensaje de texto',
    send: 'Enviarme el enlace',
    note: 'El enlace funciona durante 10 días y con él se pueden entregar archivos una sola vez.',
    notStored: 'Su dirección se usa para enviarle el enlace y recordatorios, y después se borra.',
  },
  sent: {
    title: 'Revise sus mensajes',
    email:
      'Un enlace va de camino a su correo electrónico. Puede tardar unos minutos; mire también en el correo no deseado.',
    sms: 'Un enlace va de camino a su teléfono. Puede tardar unos minutos.',
    again: '¿No ha llegado nada? Revise la dirección y vuelva a pedirlo',
  },
};

export const inviteNoticesEs: typeof inviteNoticesEn = {
  invite_expired: {
    title: 'Este enlace ha caducado',
    text: 'Ya no se admite nada a través de él. Si todavía tiene archivos que enviar, pida un enlace nuevo a quien se lo envió.',
  },
  invite_superseded: {
    title: 'Un enlace más reciente sustituye a este',
    text: 'Abra el enlace del último mensaje que recibió.',
  },
  invite_closed: {
    title: 'Aquí ya no se recoge nada más',
    text: 'La recogida está cerrada. Gracias por su ayuda.',
  },
  invite_used_up: {
    title: 'Ya se entregaron archivos con este enlace',
    text: 'No admite nada más. Si tiene otros archivos que enviar, pida un enlace nuevo a quien se lo envió.',
  },
  portal_closed: {
    title: 'Aquí ya no se recoge nada más',
    text: 'La recogida está cerrada. Gracias por su ayuda.',
  },
};
