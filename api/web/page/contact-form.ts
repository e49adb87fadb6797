/** What a community member says of itself on the page of an invite. */

/** What is wrong with a field, as the server wrote it on the page for the reader's language. */
type Fault = 'required' | 'email' | 'phone' | 'dateOfBirth' | 'other';

/** ITU-T E.164, as people write it. */
const PHONE = /^\+[1-9][\d\s().\-/]{6,24}$/;

/** The form of the page, where anything is asked. */
export function contactForm(form: HTMLFormElement | null, faults: Readonly<Record<Fault, string>>) {
  const inputs = [...(form?.querySelectorAll('input') ?? [])];

  function show(input: HTMLInputElement, fault: Fault | null): void {
    const node = document.getElementById(`${input.name}-fault`);
    if (node === null) return;
    node.hidden = fault === null;
    node.textContent = fault === null ? '' : faults[fault];
    if (fault === null) input.removeAttribute('aria-invalid');
    else input.setAttribute('aria-invalid', 'true');
  }
  for (const input of inputs) input.addEventListener('input', () => show(input, null));

  return {
    /** What was entered, by the names of the fields. */
    values(): Record<string, string> {
      const given = inputs.map((input) => [input.name, input.value.trim()] as const);
      return Object.fromEntries(given.filter(([, value]) => value !== ''));
    },
    /** Shows what is wrong, and goes to the first of it; says whether all is well. */
    check(): boolean {
      const wrong = inputs.filter((input) => {
        const fault = faultOf(input);
        show(input, fault);
        return fault !== null;
      });
      wrong[0]?.focus();
      return wrong.length === 0;
    },
    /** Shows what the API does not take, and goes to the first of it; says whether it was any field. */
    refuse(names: readonly string[]): boolean {
      const wrong = inputs.filter(({ name }) => names.includes(name));
      for (const input of wrong) show(input, faultOf(input) ?? 'other');
      wrong[0]?.focus();
      return wrong.length > 0;
    },
  };
}

function faultOf(input: HTMLInputElement): Fault | null {
  const value = input.value.trim();
  if (input.validity.badInput) return 'dateOfBirth';
  if (value === '') return input.required ? 'required' : null;
  if (input.type === 'email' && !input.validity.valid) return 'email';
  if (input.type === 'tel' && !PHONE.test(value)) return 'phone';
  if (input.type === 'date' && !(new Date(value) <= new Date())) return 'dateOfBirth';
  return null;
}
