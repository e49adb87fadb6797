import { accessEs } from './access-es.ts';
import { inviteNoticesEs, invitesEs } from './invites-es.ts';
import type { Messages } from './messages.ts';
import { requestNoticesEs, requestsEs } from './requests-es.ts';

/** What the pages say, in Spanish. */
export const es: Messages = {
  product: 'Casebridge',
  landing: {
    title: 'Han compartido archivos con usted',
    text: 'Alguien utiliza Casebridge para compartir con usted un paquete de archivos. Ábralo para ver qué contiene y descargarlo.',
    passphrase: 'Contraseña',
    passphraseHint:
      'El remitente ha protegido este paquete con una contraseña que le facilita por separado.',
    passphraseWrong: 'Esa no es la contraseña de este paquete. Compruébela e inténtelo de nuevo.',
    open: 'Abrir el paquete',
    note: 'La organización del remitente registra la apertura. Solo quien tiene este enlace puede abrirlo: no lo reenvíe.',
  },
  requests: requestsEs,
  invites: invitesEs,
  notices: {
    ...requestNoticesEs,
    ...inviteNoticesEs,
    expired: {
      title: 'Este enlace ha caducado',
      text: 'Ha terminado el plazo durante el que se compartió el paquete. Si todavía lo necesita, pida a quien le envió el enlace que lo comparta de nuevo.',
    },
    revoked: {
      title: 'Este enlace ha sido retirado',
      text: 'El remitente ya no comparte este paquete. Si cree que es un error, pregunte a quien le envió el enlace.',
    },
    used_up: {
      title: 'Este enlace se ha agotado',
      text: 'El paquete se compartió para un número limitado de descargas y ya se han utilizado todas. Si todavía lo necesita, pida a quien le envió el enlace que lo comparta de nuevo.',
    },
    failed: {
      title: 'No se pudo preparar este paquete',
      text: 'Hubo un problema con sus archivos antes de que estuviera listo, y se ha avisado al remitente. Pida a quien le envió el enlace que lo comparta de nuevo.',
    },
    preparing: {
      title: 'Este paquete aún no está listo',
      text: 'Todavía se están comprobando sus archivos. Su enlace es correcto: vuelva a abrirlo dentro de unos minutos.',
    },
    unknown: {
      title: 'No hay nada en esta dirección',
      text: 'Puede que el enlace esté incompleto: algunos programas de correo parten los enlaces largos. Copie el enlace entero del mensaje que recibió y ábralo de nuevo.',
    },
    no_session: {
      title: 'Abra de nuevo su enlace',
      text: 'Esta página solo se abre después de abrir su enlace en este navegador. Vuelva al mensaje que recibió y abra el enlace que contiene.',
    },
    cross_site: {
      title: 'Abra usted mismo su enlace',
      text: 'Otro sitio ha intentado abrir este paquete por usted. Vuelva al mensaje que recibió y abra el enlace que contiene.',
    },
    too_many_requests: {
      title: 'Demasiados intentos',
      text: 'Espere unos minutos y vuelva a intentarlo. Si se pide una contraseña, compruébela con el remitente.',
    },
    unavailable: {
      title: 'No disponible en este momento',
      text: 'El paquete no se puede abrir ahora mismo. No se ha perdido nada: inténtelo de nuevo dentro de unos minutos.',
    },
    internal: {
      title: 'Algo ha fallado por nuestra parte',
      text: 'Ha quedado registrado y no se ha cambiado nada del paquete. Inténtelo de nuevo dentro de unos minutos.',
    },
    access_expired: {
      title: 'Su acceso ha terminado',
      text: 'Ha terminado el plazo durante el que se compartió el caso con usted. Si todavía lo necesita, pida más tiempo a quien le dio acceso.',
    },
    access_revoked: {
      title: 'Su acceso ha sido retirado',
      text: 'El caso ya no se comparte con usted. Si cree que es un error, pregunte a quien le dio acceso.',
    },
    sign_in_needed: {
      title: 'No ha iniciado sesión',
      text: 'Su sesión ha terminado, o todavía no la ha iniciado en este navegador.',
    },
    sign_in_refused: {
      title: 'No se pudo iniciar su sesión',
      text: 'Se canceló el inicio de sesión, o su organización le conoce por otra dirección que la que recibió acceso. Puede intentarlo de nuevo.',
    },
    sign_in_unavailable: {
      title: 'Su organización no puede identificarle en este momento',
      text: 'El servicio que le identifica no responde. No se ha perdido nada: inténtelo de nuevo dentro de unos minutos.',
    },
  },
  tryAgain: 'Intentar de nuevo',
  access: accessEs,
  shared: {
    eyebrow: (organization) => `Compartido por ${organization}`,
    heading: (caseNumber) => `Caso ${caseNumber}`,
    download: 'Descargar todo',
    formats: {
      zip: {
        note: (size) => `Un archivo ZIP de ${size}. Una descarga interrumpida se puede reanudar.`,
        size: 'Tamaño del archivo ZIP',
        windows:
          'Windows 10 y posteriores: haga clic con el botón derecho en el archivo y elija «Extraer todo».',
        macos: 'macOS 10.15 y posteriores: haga doble clic en el archivo.',
        linux: 'Ábralo en el gestor de archivos o ejecute unzip.',
        verify:
          'Cada archivo tiene una huella (SHA-256). Descomprima el archivo ZIP, abra una terminal en la carpeta donde lo descomprimió y deje que su equipo las compare. Si no aparece ninguna línea, cada archivo es exactamente el que se compartió.',
      },
      iso: {
        note: (size) => `Una imagen ISO de ${size}. Una descarga interrumpida se puede reanudar.`,
        size: 'Tamaño de la imagen ISO',
        windows:
          'Windows 10 y posteriores: haga doble clic en el archivo. Aparece como una unidad; no hay que descomprimir nada.',
        macos:
          'Haga doble clic en el archivo. Aparece como un disco; no hay que descomprimir nada.',
        linux:
          'Ábralo en el gestor de archivos como imagen de disco o móntelo: sudo mount -o loop,ro.',
        verify:
          'Cada archivo tiene una huella (SHA-256). Abra la imagen ISO, abra una terminal en el disco que aparece y deje que su equipo las compare. Si no aparece ninguna línea, cada archivo es exactamente el que se compartió.',
      },
    },
    files: 'Archivos',
    totalSize: 'Tamaño de los archivos',
    expires: 'Disponible hasta',
    fileCount: (count, one) => (one ? '1 archivo' : `${count} archivos`),
    showing: (first, last, count) => `${first} a ${last} de ${count}`,
    previous: 'Archivos anteriores',
    next: 'Archivos siguientes',
    originalName: (name) => `nombre original: ${name}`,
    manifest: 'Todos los nombres, tamaños y huellas en JSON',
    noFiles: 'Este paquete no contiene archivos.',
    verify: 'Comprobar que nada ha cambiado',
    opening: 'Abrir el paquete',
    certificate:
      'Junto a los archivos hay un certificado de lo compartido (certificate.html, para leer e imprimir), lo que se sabe del caso y de sus pruebas (evidence.csv para hojas de cálculo, case.json para programas) y README.txt, que lo explica todo en inglés.',
    commandLine: 'Descargar desde la línea de comandos',
    commandLineText:
      'Para paquetes muy grandes. Copie su enlace, con su código largo, del mensaje que recibió y péguelo entre las comillas. Si la descarga se interrumpe, ejecute de nuevo la última línea: continúa donde se detuvo.',
    wgetPassphrase:
      'En la contraseña escriba %25 en lugar de %, %26 en lugar de & y %2B en lugar de +.',
    aria2c: 'Descarga varias partes a la vez. curl abre el enlace por él.',
    linkPlaceholder: 'pegue aquí su enlace',
    passphrasePlaceholder: 'la contraseña',
  },
};
