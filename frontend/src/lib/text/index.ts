// The words of the site in the language that it speaks. A second language is a folder beside `en`, of the type `Words`.
import { en } from './en';

/** What a language must be able to say: the type checker names what one lacks. */
export type Words = typeof en;

export const t: Words = en;
