/** Why a copy failed, as the end of a sentence in each language. */
import type { Language } from '../../identity/user.entity.ts';
import type { CopyFailureCode } from './copy-failure.ts';

export const FAILURE_REASONS: Readonly<
  Record<Language, Readonly<Record<CopyFailureCode, string>>>
> = {
  en: {
    'partnership-ended':
      'the partnership has ended, or one of its directions was taken back, meanwhile',
    'feature-off': 'case sharing was switched off at one of the two organizations',
    'no-recipient': 'none of the recipients has an account that works; share the case again',
    'evidence-changed':
      'evidence that was to be copied has left the case or is not active any more; share what there is now',
    'object-missing': 'the object store does not have a file of the case; tell your operator',
    'object-changed':
      'the object store has another file in the place of one of the case; tell your operator',
    'not-identical':
      'a copied file is not identical to what was verified at its upload; tell your operator',
    'target-case-missing':
      'the partner has deleted its case; share the case again to make a new one',
    'not-delivered': 'the copy itself was not delivered; share the case again',
  },
  es: {
    'partnership-ended':
      'entretanto la colaboración ha terminado o se ha retirado una de sus direcciones',
    'feature-off': 'se ha desactivado el uso compartido de casos en una de las dos organizaciones',
    'no-recipient':
      'ninguno de los destinatarios tiene una cuenta activa; comparta de nuevo el caso',
    'evidence-changed':
      'alguna prueba que se iba a copiar ya no está en el caso o ya no está activa; comparta lo que hay ahora',
    'object-missing':
      'falta un archivo del caso en el almacén de objetos; avise al operador de la instalación',
    'object-changed':
      'en el almacén de objetos hay otro archivo en lugar de uno del caso; avise al operador de la instalación',
    'not-identical':
      'un archivo copiado no es idéntico al que se verificó al subirlo; avise al operador de la instalación',
    'target-case-missing': 'la otra organización ha eliminado su caso; compártalo de nuevo',
    'not-delivered': 'la propia copia no se ha entregado; comparta de nuevo el caso',
  },
  fr: {
    'partnership-ended': 'entre-temps, le partenariat a pris fin ou l’un de ses sens a été retiré',
    'feature-off': 'le partage d’affaires a été désactivé dans l’une des deux organisations',
    'no-recipient': 'aucun des destinataires n’a de compte actif ; partagez de nouveau l’affaire',
    'evidence-changed':
      'une preuve à copier n’est plus dans l’affaire ou n’est plus active ; partagez ce qui s’y trouve maintenant',
    'object-missing':
      'un fichier de l’affaire manque dans le stockage d’objets ; prévenez l’exploitant de l’installation',
    'object-changed':
      'le stockage d’objets contient un autre fichier à la place d’un fichier de l’affaire ; prévenez l’exploitant de l’installation',
    'not-identical':
      'un fichier copié n’est pas identique à celui qui a été vérifié lors de son envoi ; prévenez l’exploitant de l’installation',
    'target-case-missing':
      'le partenaire a supprimé son affaire ; partagez-la de nouveau pour en créer une autre',
    'not-delivered': 'la copie elle-même n’a pas été remise ; partagez de nouveau l’affaire',
  },
};
