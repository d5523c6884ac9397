// Every word that the site itself says, in British English. Content comes from the API; labels come from here.
import { article, note, references, design, status } from './article';
import { contact, about, partners } from './clinic';
import { comments, comment } from './comments';
import { evidence, risks, care, booking } from './evidence';
import { chrome, home } from './frame';
import { listed } from './grammar';
import { preview, form, review, invitation, claim } from './links';
import { articles, pager, conditions, treatments, practitioners, search } from './lists';
import { machine } from './machine';
import { missing, beginning, trouble } from './trouble';

export const en = {
  language: 'en-GB',
  locale: 'en_GB',
  titled: (title: string, site: string): string => `${title} – ${site}`,
  listed,
  chrome,
  home,
  article,
  note,
  references,
  design,
  status,
  evidence,
  risks,
  care,
  booking,
  comments,
  comment,
  articles,
  pager,
  conditions,
  treatments,
  practitioners,
  contact,
  about,
  search,
  preview,
  form,
  review,
  invitation,
  partners,
  claim,
  missing,
  beginning,
  trouble,
  machine,
};
