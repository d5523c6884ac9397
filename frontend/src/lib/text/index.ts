// The words of the site in the language that it speaks. A second language would be chosen here.
export { en as t } from './en';
