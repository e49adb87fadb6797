import type { InviteUploaderWords, InviteWords } from './invite-words.ts';

const files = (count: number, shown: string) => (count === 1 ? '1 archivo' : `${shown} archivos`);

export const inviteEs: InviteWords = {
  title: 'Entregar',
  list: 'Sus archivos',
  total: (count, shown, size) => `${files(count, shown)}, ${size}`,
  submit: 'Entregar',
  notYet:
    'Sus archivos todavía no están entregados. Seleccione Entregar más abajo cuando los haya subido todos.',
  goToEnd: 'Ir a Entregar',
  nothing: 'Primero elija y suba sus archivos. Después entréguelos aquí.',
  waiting: 'Espere hasta que todos los archivos estén recibidos y comprobados.',
  listed: (count, shown) =>
    count === 1
      ? '1 archivo elegido, pero todavía sin subir. Súbalo o quítelo antes.'
      : `${shown} archivos elegidos, pero todavía sin subir. Súbalos o quítelos antes.`,
  failed: (count, shown) =>
    count === 1
      ? '1 archivo no se pudo recibir. Vuelva atrás, más arriba, para intentarlo otra vez o dejarlo fuera.'
      : `${shown} archivos no se pudieron recibir. Vuelva atrás, más arriba, para intentarlo otra vez o dejarlos fuera.`,
  unfinished: (count, shown) =>
    count === 1
      ? '1 archivo se envió solo en parte. Elija el mismo archivo otra vez, más arriba, o quítelo.'
      : `${shown} archivos se enviaron solo en parte. Elija los mismos archivos otra vez, más arriba, o quítelos.`,
  ready:
    'Todo está recibido y comprobado. Con Entregar queda entregado; después no se puede cambiar nada.',
  inPart: 'Enviado solo en parte',
  submitting: 'Entregando …',
  again:
    'La conexión está interrumpida. La entrega se vuelve a intentar por sí sola: mantenga abierta esta página.',
  removing: (name) => `Quitar ${name}`,
  removed: (name) => `Se quitó ${name}`,
  notRemoved: 'No se pudo quitar. Inténtelo otra vez.',
  changed: 'Algo ha cambiado entretanto. Revise la lista y entregue otra vez.',
  wrong: 'No se pudo entregar. Inténtelo otra vez dentro de un momento.',
  check: 'Revise lo que ha escrito sobre usted.',
  faults: {
    required: 'Rellene este campo.',
    email: 'No es una dirección de correo. Revísela.',
    phone: 'Escriba el número con el prefijo del país, empezando por +.',
    dateOfBirth: 'No es una fecha pasada. Revísela.',
    other: 'No se puede aceptar. Revíselo.',
  },
};

export const inviteUploaderEs: InviteUploaderWords = {
  results: {
    unconfirmed: (count, shown) =>
      `${files(count, shown)}: enviado, pero la comprobación no había terminado cuando acabó el enlace.`,
    duplicateNote: 'Ya envió estos archivos, byte a byte. Se entregan una sola vez.',
  },
  failures: {
    'too-many-files':
      'Ya hay todos los archivos que se pueden entregar a la vez. Quite otros antes.',
    'too-many-bytes':
      'Todos los archivos juntos serían mayores de lo que se puede entregar. Quite otros antes o comprima este.',
    quarantined: 'Un análisis encontró algo dañino en él. No se puede entregar.',
    closed: 'La recogida se cerró antes de que el archivo estuviera completo.',
    used_up: 'Ya se entregaron archivos. Con este enlace no se admite nada más.',
  },
  shut: {
    closed: {
      title: 'Aquí ya no se recoge nada más',
      text: 'La recogida se ha cerrado. Gracias por su ayuda.',
    },
    expired: {
      title: 'El enlace ha caducado',
      text: 'Ya no se admite nada más. Pida un enlace nuevo a quien se lo envió.',
    },
  },
  expiredNote: (until) =>
    `El enlace ha caducado: no se admite nada nuevo. Lo que se empezó antes puede terminarse y entregarse hasta el ${until}: elija los mismos archivos otra vez.`,
};
