import type { requestNoticesEn, requestsEn } from './requests-en.ts';

export const requestsEs: typeof requestsEn = {
  landing: {
    title: (organization) => `${organization} le solicita pruebas`,
    text: 'Aquí puede subir archivos de forma segura y directa. Abra la página de subida para ver qué se le pide.',
    open: 'Abrir la página de subida',
    note: 'La apertura queda registrada. Solo puede abrirla quien tenga este enlace: no lo comparta.',
  },
  logLanding: {
    title: 'Registro de actividad',
    text: (organization) =>
      `Abra el registro de actividad de la solicitud que le envió ${organization}.`,
    open: 'Ver el registro de actividad',
  },
  refresh: 'Renovar el acceso',
  mailLog: 'Enviarme el registro de actividad',
  asked: {
    title: 'Revise su correo',
    text: 'Si hay algo que enviar, un mensaje va de camino a la dirección a la que se hizo la solicitud. Puede tardar unos minutos; vuelva a pedirlo pasados diez.',
  },
  page: {
    heading: (organization) => `Pruebas para ${organization}`,
    sender: 'Solicitado por',
    note: 'Nota',
    until: 'Puede subir archivos hasta',
    expired:
      'Su acceso ha caducado. Puede terminar los archivos que empezó a enviar, pero no empezar otros. Para enviar más, abra el enlace de su correo y vuelva a pedir acceso.',
    types: 'Tipos de archivo admitidos',
    log: 'Registro de actividad',
  },
  log: {
    heading: 'Registro de actividad',
    allEvents: 'Todos los sucesos',
    items: 'Archivos recibidos',
    last: 'Última recepción',
    none: 'Todavía no se ha recibido nada.',
    time: 'Hora',
    actor: 'Por',
    event: 'Suceso',
    file: 'Archivo',
    size: 'Tamaño',
    sha256: 'Huella (SHA-256)',
    outcome: 'Resultado',
    csv: 'Descargar como tabla (CSV)',
    pdf: 'Descargar como documento (PDF)',
    later: 'Sucesos posteriores',
    back: 'Volver a la solicitud',
    outcomes: { done: 'hecho', refused: 'rechazado', failed: 'fallido' },
    events: {
      'request.created': 'Solicitud creada',
      'request.invited': 'Invitación enviada',
      'request.reminded': 'Recordatorio enviado',
      'request.resent': 'Invitación reenviada',
      'request.refreshed': 'Acceso renovado',
      'request.extended': 'Solicitud ampliada',
      'request.opened': 'Enlace abierto',
      'request.expired': 'Acceso caducado',
      'request.closed': 'Solicitud cerrada',
      'request.refused': 'Intento rechazado',
      'request.log_asked': 'Registro de actividad solicitado',
      'request.log_opened': 'Registro de actividad abierto',
      'upload.begun': 'Subida iniciada',
      'upload.aborted': 'Subida cancelada',
      'upload.abandoned': 'Subida abandonada',
      'evidence.uploaded': 'Subida terminada',
      'evidence.verified': 'Archivo verificado',
      'evidence.duplicate': 'El archivo ya estaba',
      'evidence.rejected': 'Archivo rechazado',
      'evidence.quarantined': 'Archivo puesto en cuarentena',
      'evidence.released': 'Archivo liberado de la cuarentena',
      'trusted_user.removed': 'Usuario de confianza eliminado',
      'audit.exported': 'Registro de actividad descargado',
    },
  },
};

export const requestNoticesEs: typeof requestNoticesEn = {
  request_expired: {
    title: 'Acceso caducado',
    text: 'Su acceso a la página de subida ha caducado. Renuévelo y se le enviará por correo un enlace que funciona.',
  },
  request_superseded: {
    title: 'Un enlace más reciente ha sustituido a este',
    text: 'Abra el enlace del último mensaje que recibió. Si no lo encuentra, pida que se le envíe de nuevo.',
  },
  request_closed: {
    title: 'Esta solicitud está cerrada',
    text: 'Ya no se puede subir nada más. Lo que envió antes se conserva.',
  },
  log_expired: {
    title: 'Este enlace ha caducado',
    text: 'El enlace al registro de actividad funcionó durante 30 días. Abra el enlace de la propia solicitud para recibir uno nuevo.',
  },
};
