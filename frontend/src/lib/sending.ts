// Carries a reader's form to the API and says what became of it.
import { AskForForm, type CommentFormData, type HelpData, SendComment, SendReport } from '../graphql/comment';
import { ApiAway, type Asker, ask, tell } from './api';
import { commentInput, type Draft, isSpent, problemsInDraft, problemsInReport, refusalsIn, type Report, reportInput } from './commenting';
import type { Problem } from './problems';
import { t } from './text';

/** What became of a form; `handle` is the private link of a comment, or the reference of a report. */
export type Outcome =
  | { readonly state: 'refused'; readonly problems: readonly Problem[]; readonly spent: boolean; readonly help: HelpData }
  | { readonly state: 'done'; readonly handle: string; readonly help: HelpData };

interface Answer {
  readonly userErrors: Parameters<typeof refusalsIn>[0];
  readonly handle: string | null;
  readonly help: HelpData;
}

export async function sendComment(asker: Asker, article: string, draft: Draft): Promise<Outcome> {
  return carry(problemsInDraft(draft), async (signed) => {
    const { submitComment } = await tell(asker, SendComment, { input: commentInput(article, { ...draft, ...signed }) });
    return { ...submitComment, handle: submitComment.privateLink };
  });
}

export async function sendReport(asker: Asker, article: string, comment: string | null, report: Report): Promise<Outcome> {
  return carry(problemsInReport(report), async (signed) => {
    const input = reportInput(article, comment, { ...report, ...signed }, report.kind ?? 'OTHER');
    const { reportProblem } = await tell(asker, SendReport, { input });
    return { ...reportProblem, handle: reportProblem.reference };
  });
}

/** A form of this moment; null when the API is away, for what was typed is worth more than an error page. */
export async function freshForm(asker: Asker, article: string, needed: boolean): Promise<CommentFormData | null> {
  try {
    return (await ask(asker, AskForForm, { article }, { remember: false })).commentForm;
  } catch (error) {
    if (error instanceof ApiAway && !needed) return null;
    throw error;
  }
}

/** Without its token the API keeps no form, and still says what help its words call for. */
const UNSIGNED = { formToken: '', proofOfWork: '' };

async function carry(problems: readonly Problem[], telling: (signed: Partial<typeof UNSIGNED>) => Promise<Answer>): Promise<Outcome> {
  const isWrong = problems.length > 0;
  try {
    const { userErrors, handle, help } = await telling(isWrong ? UNSIGNED : {});
    if (isWrong) return { state: 'refused', problems, spent: false, help };
    if (userErrors.length === 0) return { state: 'done', handle: handle ?? '', help };
    return { state: 'refused', problems: refusalsIn(userErrors), spent: isSpent(userErrors), help };
  } catch (error) {
    if (error instanceof ApiAway) return { state: 'refused', problems: isWrong ? problems : [{ field: null, text: t.form.away }], spent: false, help: [] };
    throw error;
  }
}
