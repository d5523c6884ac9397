// Carries a reviewer's decision to the API, and says what became of it.
import { type ReviewedArticle, SendReview } from '../graphql/review';
import { ApiAway, ApiRefused, type Asker, tell } from './api';
import { type Decision, decisionIn, inputOf, problemsIn, problemsOf, type Sent } from './review';
import { t } from './text';

const DEAD = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND']);

/** Null for a link that was used, has expired, or never was one. */
export async function unlessDead<Answer>(asking: () => Promise<Answer>): Promise<Answer | null> {
  try {
    return await asking();
  } catch (error) {
    if (error instanceof ApiRefused && DEAD.has(error.code)) return null;
    throw error;
  }
}

export async function decide(
  asker: Asker,
  token: string,
  form: FormData,
  article: Pick<ReviewedArticle, 'id' | 'version'>,
  today: string,
  latest: string,
): Promise<Sent> {
  const decision = decisionIn(form);
  const problems = problemsIn(decision, today, latest);
  const { outcome, version } = decision;
  if (problems.length > 0 || outcome === null) return { state: 'refused', decision, problems };
  if (version === null || version !== article.version) return refusedAs(decision, t.review.errors.changed);
  try {
    const input = inputOf(article.id, decision, outcome, version);
    const answer = await unlessDead(() => tell(asker, SendReview, { input }, { token }));
    if (answer === null) return { state: 'dead', decision };
    const { userErrors } = answer.reviewArticle;
    if (userErrors.length > 0) return { state: 'refused', decision, problems: problemsOf(userErrors) };
    const { evidenceRechecked } = decision;
    return { state: 'done', decision, outcome, evidenceRechecked, nextReviewDue: input.nextReviewDue };
  } catch (error) {
    if (error instanceof ApiAway) return refusedAs(decision, t.form.away);
    throw error;
  }
}

const refusedAs = (decision: Decision, text: string): Sent => ({ state: 'refused', decision, problems: [{ field: null, text }] });
