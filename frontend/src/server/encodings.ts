// Which encoding a reader takes, and whether a reader holds the page already. Imports nothing: server and build share it.

export type Encoding = 'br' | 'gzip' | null;

/** The best encoding that the reader takes; "br;q=0" is a refusal. */
export function chosen(accepted: string | string[] | null | undefined): Encoding {
  const said = String(accepted ?? '').toLowerCase();
  if (!said.includes('q=')) return /\bbr\b/.test(said) ? 'br' : /\bgzip\b/.test(said) ? 'gzip' : null;
  const takes = (name: string): boolean =>
    said.split(',').some((part) => {
      const [coding = '', ...rest] = part.trim().split(';').map((piece) => piece.trim());
      return coding === name && !rest.some((piece) => /^q=0(?:\.0*)?$/.test(piece));
    });
  return takes('br') ? 'br' : takes('gzip') ? 'gzip' : null;
}

/** Whichever encoding a cache kept: the page is the same. */
export function holds(ifNoneMatch: string | null | undefined, etag: string): boolean {
  return (ifNoneMatch ?? '').split(',').some((tag) => tag.trim().replace(/^W\//, '').replace(/(?:-br|-gzip)?"$/, '"') === `"${etag}"`);
}
