// One answer on the page: the text so far, its claims in the colour of their verdicts, and in the end what became of it.
import { h } from './dom.js';
import { showPassage } from './passage.js';

const words = { supported: 'supported', contradicted: 'contradicted', unverifiable: 'not verified' };
const reasons = {
  low_confidence: 'the model was not sure enough',
  contradicted: 'the passages say otherwise',
  unverifiable: 'the passages do not support it',
  no_evidence: 'no passage is about it',
};

export class Answer {
  #item;
  #text;
  #note;
  #released = '';
  #claims = [];
  #passages = [];

  /** The text that counts as said; empty where it was withheld. */
  delivered = '';

  constructor(conversation) {
    this.#text = h('p', { class: 'text' });
    this.#note = h('p', { class: 'note' }, h('span', { class: 'dots', 'aria-hidden': 'true' }), 'Reading, writing, checking…');
    this.#item = h('li', { class: 'turn answer waiting' }, h('span', { class: 'sr' }, 'Answer: '), this.#text, this.#note);
    conversation.append(this.#item);
    this.#follow();
  }

  take(said) {
    if (said.kind === 'text') {
      this.#released += said.text;
    } else if (said.kind === 'judged') {
      this.#claims = said.claims;
    } else if (said.kind === 'end') {
      this.#end(said);
    } else {
      this.fail(said.message);
      return;
    }

    this.#show();
  }

  fail(message) {
    this.#item.classList.replace('waiting', 'failed');
    this.#note.replaceChildren(message);
    this.#show();
  }

  #end(end) {
    const abstained = end.decision === 'abstained';
    this.#released = end.text;
    this.#claims = end.claims;
    this.#passages = end.passages;
    this.delivered = abstained ? '' : end.text;
    this.#item.classList.replace('waiting', abstained ? 'abstained' : 'delivered');
    if (abstained) {
      this.#item.prepend(h('p', { class: 'overline' }, 'No verified answer'));
    }

    this.#note.replaceChildren(summary(end, abstained));
    const cited = end.cited.length > 0 || !abstained ? end.cited : end.passages.map((_, i) => i);
    if (cited.length > 0) {
      this.#item.insertBefore(
        h('ul', { class: 'passages', 'aria-label': abstained ? 'Passages that were found' : 'Passages' }, ...cited.map((place) => h('li', {}, this.#link(place, null, `${place + 1}  ${this.#passages[place].title}`)))),
        this.#note);
    }
  }

  #show() {
    const parts = [];
    let end = 0;
    for (const claim of [...this.#claims].sort((a, b) => a.start - b.start)) {
      const [start, stop] = [Math.max(end, claim.start), Math.min(this.#released.length, claim.start + claim.length)];
      if (start >= stop) {
        continue;
      }

      const known = claim.passage !== undefined && this.#passages[claim.passage];
      parts.push(this.#released.slice(end, start), h(
        'span', { class: `claim ${claim.verdict}`, title: claim.explanation },
        this.#released.slice(start, stop), h('span', { class: 'sr' }, ` (${words[claim.verdict]})`)),
      known ? h('sup', {}, this.#link(claim.passage, claim.explanation, String(claim.passage + 1))) : null);
      end = stop;
    }

    parts.push(this.#released.slice(end));
    this.#text.replaceChildren(...parts.filter((part) => part !== null && part !== ''));
    this.#follow();
  }

  #link(place, finding, label) {
    return h('button', {
      type: 'button', class: 'cite', 'aria-label': `Open passage ${place + 1}: ${this.#passages[place].title}`,
      onclick: () => showPassage(place + 1, this.#passages[place], finding),
    }, label);
  }

  #follow() {
    this.#item.scrollIntoView({ block: 'end' });
  }
}

function summary(end, abstained) {
  const time = `${(end.milliseconds / 1000).toFixed(1)} s`;
  const confidence = end.confidence === undefined ? 'no confidence score' : `confidence ${end.confidence.toFixed(2)}`;
  if (!abstained) {
    const supported = end.claims.filter((claim) => claim.verdict === 'supported').length;
    return [word(end.decision), `${supported} of ${end.claims.length} claims supported`, confidence, time].join(' · ');
  }

  const { supported = 0, contradicted = 0, unverifiable = 0 } = end.withheld ?? {};
  const total = supported + contradicted + unverifiable;
  const draft = total === 0 ? 'the model was not asked' : `a draft of ${total} ${total === 1 ? 'claim' : 'claims'} was withheld: ${supported} supported, ${contradicted} contradicted, ${unverifiable} not verified`;
  return [`Withheld because ${reasons[end.reason] ?? word(end.reason)}`, draft, time].join(' · ');
}

function word(name) {
  return name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ');
}
