export { cutBox, numbersOf } from './cut-box.ts';
