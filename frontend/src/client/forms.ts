// Makes readers' forms kinder where scripts run: proof of work while somebody types, and problems without a round trip.
import { type Challenge, prove } from './proof';

for (const form of document.querySelectorAll<HTMLFormElement>('form.signed')) attend(form);

function attend(form: HTMLFormElement): void {
  let proof: Promise<string | null> | null = null;
  let isSending = false;
  const work = (): Promise<string | null> => (proof ??= proofFor(form));
  form.addEventListener('focusin', () => void work(), { once: true });
  for (const area of form.querySelectorAll<HTMLTextAreaElement>('textarea[data-most]')) count(form, area);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (isSending || hasProblems(form)) return;
    isSending = true;
    say(form, form.dataset['sending'] ?? '');
    void work().then((text) => {
      const hidden = form.elements.namedItem('proofOfWork');
      if (text !== null && hidden instanceof HTMLInputElement) hidden.value = text;
      form.submit();
    });
  });
  // Who comes back by the browser's own button finds a form that can be sent again.
  addEventListener('pageshow', () => {
    isSending = false;
    say(form, '');
  });
}

async function proofFor(form: HTMLFormElement): Promise<string | null> {
  try {
    const challenge = form.dataset['challenge'];
    return challenge ? await prove(JSON.parse(challenge) as Challenge) : null;
  } catch {
    return null;
  }
}

function say(form: HTMLFormElement, text: string): void {
  const status = form.querySelector('[role=status]');
  if (status) status.textContent = text;
}

/** Says how many characters are left, once that begins to matter. */
function count(form: HTMLFormElement, area: HTMLTextAreaElement): void {
  const most = Number(area.dataset['most']);
  const told = document.createElement('p');
  told.className = 'hint count';
  told.setAttribute('aria-live', 'polite');
  area.after(told);
  area.addEventListener('input', () => {
    const left = most - Array.from(area.value.trim()).length;
    told.textContent = left <= 200 ? `${left} ${form.dataset['left'] ?? ''}` : '';
  });
}

interface Problem {
  readonly id: string;
  readonly text: string;
}

/** Shows what is missing where it is missing, as the server would, and gives the summary the focus. */
function hasProblems(form: HTMLFormElement): boolean {
  for (const old of document.querySelectorAll('.problems, .signed .problem')) old.remove();
  for (const field of form.querySelectorAll('[aria-invalid]')) clear(field);
  const needed = JSON.parse(form.dataset['needed'] ?? '{}') as Record<string, string>;
  const problems = Object.entries(needed)
    .map(([id, text]) => ({ id, text }))
    .filter(({ id }) => isEmpty(form, id));
  if (problems.length === 0) return false;
  for (const problem of problems) mark(problem);
  summarise(form, problems);
  return true;
}

function isEmpty(form: HTMLFormElement, name: string): boolean {
  const value = new FormData(form).get(name);
  return typeof value !== 'string' || value.trim() === '';
}

const withoutProblem = (field: Element): string => (field.getAttribute('aria-describedby') ?? '').replace(/\s*\S+-problem/, '').trim();

function clear(field: Element): void {
  field.removeAttribute('aria-invalid');
  const rest = withoutProblem(field);
  if (rest) field.setAttribute('aria-describedby', rest);
  else field.removeAttribute('aria-describedby');
}

function mark({ id, text }: Problem): void {
  const field = document.getElementById(id);
  if (!field) return;
  const said = document.createElement('p');
  said.className = 'problem';
  said.id = `${id}-problem`;
  said.textContent = text;
  (field.closest('.choice') ?? field).before(said);
  field.setAttribute('aria-invalid', 'true');
  field.setAttribute('aria-describedby', `${withoutProblem(field)} ${said.id}`.trim());
}

function summarise(form: HTMLFormElement, problems: readonly Problem[]): void {
  const summary = document.createElement('div');
  summary.className = 'problems';
  summary.id = 'notice';
  summary.tabIndex = -1;
  summary.setAttribute('role', 'alert');
  summary.setAttribute('aria-labelledby', 'problems-title');
  const title = document.createElement('h2');
  title.id = 'problems-title';
  title.textContent = form.dataset['problem'] ?? '';
  const list = document.createElement('ul');
  for (const { id, text } of problems) {
    const link = document.createElement('a');
    link.href = `#${id}`;
    link.textContent = text;
    const item = document.createElement('li');
    item.append(link);
    list.append(item);
  }
  summary.append(title, list);
  document.getElementById('main')?.prepend(summary);
  const error = form.dataset['error'] ?? '';
  if (!document.title.startsWith(error.trim())) document.title = error + document.title;
  summary.focus();
  summary.scrollIntoView({ block: 'start' });
}
