import type { Words } from './words.ts';

const files = (count: number, shown: string) => (count === 1 ? '1 archivo' : `${shown} archivos`);

export const es: Words = {
  title: 'Suba sus archivos',
  needsScript:
    'Para subir archivos se necesita JavaScript, que está desactivado en este navegador. Actívelo y vuelva a cargar la página, o abra su enlace en otro navegador.',
  drop: 'Arrastre aquí archivos o carpetas, o elíjalos:',
  dropNow: 'Suéltelos para añadirlos a la lista',
  chooseFiles: 'Elegir archivos',
  chooseFolder: 'Elegir una carpeta',
  reading: 'Leyendo la carpeta …',
  largest: (size) => `Hasta ${size} por archivo.`,
  ready: (count, shown, size) => `${files(count, shown)}, ${size}, por subir`,
  notSentYet: 'Todavía no se ha enviado nada. Revise la lista y seleccione Subir.',
  upload: (count, shown) => `Subir ${files(count, shown)}`,
  remove: (name) => `Quitar ${name} de la lista`,
  removeShort: 'Quitar',
  removeAll: 'Quitar todos',
  cancel: (name) => `Cancelar la subida de ${name}`,
  cancelShort: 'Cancelar',
  retry: (name) => `Reintentar ${name}`,
  retryShort: 'Reintentar',
  caption: 'Descripción (opcional)',
  captionOf: (name) => `Descripción de ${name} (opcional)`,
  pauseFile: (name) => `Pausar ${name}`,
  resumeFile: (name) => `Continuar ${name}`,
  removed: (name) => `Se quitó ${name}`,
  list: 'Archivos',
  now: 'En camino ahora',
  previous: 'Archivos anteriores',
  next: 'Archivos siguientes',
  showing: (first, last, count) => `${first} a ${last} de ${count}`,
  refused: (count, shown) =>
    count === 1 ? '1 archivo no se admite' : `${shown} archivos no se admiten`,
  refusedNote: 'Los demás archivos no se ven afectados.',
  dismiss: 'Entendido',
  leftOut: (count, shown) =>
    count === 1
      ? 'Se omitió un archivo oculto del sistema.'
      : `Se omitieron ${shown} archivos ocultos del sistema.`,
  alreadyListed: (count, shown) =>
    count === 1 ? 'Un archivo ya estaba en la lista.' : `${shown} archivos ya estaban en la lista.`,
  nothingFound: 'No contiene archivos.',
  added: (count, shown) => `${files(count, shown)} en la lista`,
  refusals: {
    type: (extension) =>
      extension === ''
        ? 'Su nombre no termina en un tipo de archivo (como .mp4). Añada el correcto o convierta el archivo a un tipo admitido.'
        : `Los archivos de tipo .${extension} no se admiten. Conviértalo a un tipo admitido y vuelva a elegirlo.`,
    size: (size, largest) =>
      `Tiene ${size}; se admiten hasta ${largest}. Comprímalo o divídalo en archivos más pequeños.`,
    count: (files) =>
      `Se aceptan ${files} archivos como máximo en total. Reúna varios archivos en uno comprimido y elija ese.`,
    name: 'Su nombre es demasiado largo o tiene caracteres invisibles. Cambie el nombre y vuelva a elegirlo.',
    unreadable: 'No se pudo leer. Compruebe que se puede abrir y vuelva a elegirlo.',
  },
  states: {
    listed: 'Listo',
    waiting: 'En espera',
    elsewhere: 'Otra pestaña lo está enviando',
    opening: 'Empezando',
    sending: (percent) => `${percent} enviado`,
    troubled: 'Conexión perdida, se vuelve a intentar',
    completing: 'Terminando',
    verifying: 'Enviado. Comprobando …',
    verified: 'Recibido y comprobado',
    duplicate: 'Duplicado: ya se había recibido',
    unconfirmed: 'Enviado. La comprobación sigue sin esta página',
    failed: 'Error',
    paused: 'En pausa',
  },
  overall: 'Progreso total',
  sentOf: (sent, total) => `${sent} de ${total}`,
  filesDone: (done, count) => `${done} de ${count} archivos listos`,
  speed: (size) => `${size} por segundo`,
  left: (time) => `quedan unos ${time}`,
  soon: 'casi listo',
  checking: (count, shown) =>
    count === 1 ? 'Se está comprobando un archivo.' : `Se están comprobando ${shown} archivos.`,
  pause: 'Pausar',
  resume: 'Continuar',
  paused: 'En pausa. Lo enviado se conserva: seleccione Continuar para seguir.',
  keepOpen:
    'Mantenga abierta esta página hasta que todos los archivos estén comprobados. Si se cierra, abra de nuevo su enlace y elija los mismos archivos: siguen donde se quedaron.',
  trouble:
    'La conexión está interrumpida. No se pierde nada: el envío sigue por sí solo en cuanto vuelva.',
  offline:
    'Su dispositivo está sin conexión. No se pierde nada: el envío sigue por sí solo cuando vuelva.',
  elsewhere:
    'Otra pestaña o ventana de este navegador está enviando algunos de estos archivos. Siga allí. Si se detiene o se cierra, esta página continúa sola con ellos.',
  tryNow: 'Intentar ahora',
  unfinished: (count, shown) =>
    count === 1
      ? '1 archivo se envió solo en parte. Elija el mismo archivo otra vez para seguir donde se quedó:'
      : `${shown} archivos se enviaron solo en parte. Elija los mismos archivos otra vez para seguir donde se quedaron:`,
  andMore: (shown) => `y ${shown} más`,
  results: {
    done: (count, shown) =>
      count === 1 ? '1 archivo recibido y comprobado' : `${shown} archivos recibidos y comprobados`,
    none: 'No se recibió ningún archivo',
    at: (instant) => `Completado el ${instant}`,
    some: 'No se recibieron todos los archivos',
    failed: (count, shown) => (count === 1 ? '1 con error' : `${shown} con error`),
    duplicate: (count, shown) => (count === 1 ? '1 duplicado' : `${shown} duplicados`),
    unconfirmed: (count, shown) =>
      `${files(count, shown)}: enviado, pero la comprobación no había terminado cuando acabó el enlace. El registro de actividad la mostrará.`,
    duplicateNote:
      'Estos archivos ya se recibieron por esta solicitud, byte a byte. Se guardan una vez y no hace falta volver a enviarlos.',
    adviceTitle: 'Qué puede hacer',
    advice: [
      'Asegúrese de que su conexión a internet es estable.',
      'Compruebe el tamaño y el tipo del archivo. Si es demasiado grande o no se admite, hay que comprimirlo, dividirlo o convertirlo antes.',
      'Vuelva atrás, cambie lo necesario y envíe los archivos otra vez.',
    ],
    back: 'Volver',
    more: 'Subir más archivos',
    log: 'Registro de actividad',
    csv: 'Descargar el registro de actividad (CSV)',
  },
  failures: {
    'file-unreadable':
      'El archivo se cambió, movió o eliminó después de elegirlo. Vuelva atrás y elíjalo otra vez.',
    'file-too-large':
      'El archivo es demasiado grande. Comprímalo o divídalo en archivos más pequeños.',
    'file-type-not-supported': 'Este tipo de archivo no se admite. Conviértalo antes.',
    'content-not-supported':
      'El contenido del archivo no es lo que dice su nombre, y no se admite. Conviértalo antes.',
    'too-many-files':
      'Esta solicitud ya tiene todos los archivos que admite. Reúna varios en un solo archivo comprimido o pregunte a quien hizo la solicitud.',
    'validation-failed': 'Su nombre no se admite. Cambie el nombre y vuelva a elegirlo.',
    'wrong-size': 'No llegó completo. Envíelo otra vez.',
    'wrong-sha256': 'Llegó dañado. Envíelo otra vez.',
    'object-missing': 'No llegó. Envíelo otra vez.',
    'parts-refused': 'No se pudo recomponer. Envíelo otra vez.',
    'given-up': 'La subida se abandonó. Envíelo otra vez.',
    quarantined:
      'El análisis en busca de programas dañinos no lo dejó pasar. Queda apartado hasta que alguien decida: no hace falta que lo envíe otra vez.',
    expired: 'El enlace ha caducado: no se admite nada nuevo.',
    closed: 'La solicitud se cerró antes de que el archivo estuviera completo.',
    superseded: 'Un enlace más reciente sustituye a este. Ábralo y envíe allí el archivo.',
    'signed-out': 'Esta página ya no tiene acceso. Abra su enlace otra vez.',
  },
  failure: (detail) => `Algo salió mal: ${detail}`,
  shut: {
    closed: {
      title: 'La solicitud se ha cerrado',
      text: 'Ya no se admite nada más. Lo que envió completo antes se conserva. Recibirá por correo un enlace al registro de actividad.',
    },
    superseded: {
      title: 'Un enlace más reciente sustituye a este',
      text: 'Abra el enlace del último mensaje que recibió. Lo enviado en parte sigue allí cuando elija los mismos archivos.',
    },
    expired: {
      title: 'El enlace ha caducado',
      text: 'Ya no se admite nada más. Vuelva a cargar esta página para pedir acceso.',
    },
    used_up: {
      title: 'Sus archivos se han entregado',
      text: 'Con este enlace no se admite nada más. Vuelva a cargar esta página para ver el recibo.',
    },
    'signed-out': {
      title: 'Esta página ya no tiene acceso',
      text: 'Abra su enlace otra vez y elija los mismos archivos: siguen donde se quedaron.',
    },
  },
  expiredNote: (until) =>
    `El enlace ha caducado: no se admite nada nuevo. Lo que se empezó antes puede terminarse hasta el ${until}: elija los mismos archivos otra vez. Para enviar otros, renueve su acceso con el enlace de su mensaje.`,
  notAvailable: 'No se pudo iniciar la subida. Vuelva a cargar esta página.',
  announce: {
    started: (count, shown) => `Ha empezado la subida de ${files(count, shown)}.`,
    quarter: 'Se ha enviado una cuarta parte.',
    half: 'Se ha enviado la mitad.',
    threeQuarters: 'Se han enviado tres cuartas partes.',
    sent: 'Todo está enviado y se está comprobando.',
    resumed: 'La conexión ha vuelto. El envío sigue.',
  },
};
