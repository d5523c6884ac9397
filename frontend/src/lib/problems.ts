// What is wrong with a sent form: a sentence for each field, or for the whole.

export interface Problem {
  /** The id of the field that it is about; null for the whole form. */
  readonly field: string | null;
  readonly text: string;
}

/** Where a form leads: the answer begins at its summary of problems, or at its heading, and has the focus there. */
export const NOTICE = 'notice';

export const textOf = (problems: readonly Problem[], field: string): string | null =>
  problems.find((problem) => problem.field === field)?.text ?? null;

/** The ids that describe a field to those who hear it. */
export const describedBy = (field: string, problems: readonly Problem[], hint = true): string | undefined =>
  [hint && `${field}-hint`, textOf(problems, field) && `${field}-problem`].filter(Boolean).join(' ') || undefined;

/** The fields of a form that was sent; what is no form has none. */
export async function sentForm(request: Request): Promise<FormData> {
  try {
    return await request.formData();
  } catch {
    return new FormData();
  }
}

/** One line or many, as it was typed; browsers send line ends as two characters. */
export function typed(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.replace(/\r\n?/g, '\n') : '';
}
