// The API makes it; the site only stands in front of it.
export { handThrough as GET } from '../../lib/proxy';
