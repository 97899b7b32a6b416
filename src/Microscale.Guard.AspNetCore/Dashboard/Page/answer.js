// The judged text with its claims coloured by verdict.
import { h } from './dom.js';
import { marks, word } from './format.js';

/** Text in which each claim is a link to its entry below. */
export function judgedText(text, claims) {
  const parts = [];
  let end = 0;
  const ordered = claims.map((claim, i) => ({ ...claim, number: i + 1 })).sort((a, b) => a.start - b.start);
  for (const claim of ordered) {
    const start = Math.max(end, claim.start);
    const stop = Math.min(text.length, claim.start + claim.length);
    if (start >= stop) {
      continue;
    }

    parts.push(text.slice(end, start), h(
      'a', { class: `claim ${claim.verdict}`, href: `#claim-${claim.number}`, onclick: jump },
      text.slice(start, stop), h('sup', {}, `${marks[claim.verdict] ?? '?'}`), h('span', { class: 'sr' }, ` (${word(claim.verdict)})`),
    ));
    end = stop;
  }

  parts.push(text.slice(end));
  return h('p', { class: 'judged' }, parts);
}

/** Goes to a part of the dialog and puts the focus there. */
export function jump(event) {
  event.preventDefault();
  const target = document.querySelector(event.currentTarget.getAttribute('href'));
  target?.scrollIntoView({ block: 'center', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
  target?.focus({ preventScroll: true });
}
