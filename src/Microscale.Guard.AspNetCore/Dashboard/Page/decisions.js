// The list of decisions: what was, and what comes in live.
import { h, replace } from './dom.js';
import { ago, count, decimal, milliseconds, word } from './format.js';
import * as api from './api.js';

const shownAtMost = 400;

/** Shows decisions in a list and calls back when one is chosen. */
export class DecisionList {
  #rows = [];
  #known = new Set();
  #waiting = [];
  #isPaused = false;
  #filter = '';
  #announced = { count: 0, abstained: 0, timer: null };

  constructor({ list, older, announcer, onOpen, onError }) {
    this.list = list;
    this.older = older;
    this.announcer = announcer;
    this.onOpen = onOpen;
    this.onError = onError;
    older.addEventListener('click', () => this.#load(this.#rows.at(-1)?.id));
    setInterval(() => this.#refreshTimes(), 5000);
  }

  /** Shows decisions of one kind, or of all. */
  async show(filter = '') {
    this.#filter = filter;
    this.#rows = [];
    this.#known.clear();
    this.#waiting = [];
    replace(this.list);
    await this.#load();
  }

  pause(isPaused) {
    this.#isPaused = isPaused;
    if (!isPaused) {
      this.#insert(this.#waiting.splice(0));
    }
  }

  /** Takes decisions that have just been made. */
  add(rows) {
    if (this.#isPaused) {
      this.#waiting = [...rows, ...this.#waiting].slice(0, shownAtMost);
      return;
    }

    this.#insert(rows);
  }

  /** Shows the label that a decision has got. */
  label(id, label) {
    const row = this.#rows.find((r) => r.id === id);
    if (row) {
      row.label = label;
      this.list.querySelector(`[data-id="${CSS.escape(id)}"]`)?.parentElement.replaceWith(this.#item(row));
    }
  }

  async #load(before) {
    try {
      const rows = await api.decisions({ before, decision: this.#filter, limit: 50 });
      this.older.hidden = rows.length < 50;
      for (const row of rows.filter((r) => !this.#known.has(r.id))) {
        this.#known.add(row.id);
        this.#rows.push(row);
        this.list.append(this.#item(row));
      }

      this.#showEmptiness();
    } catch (error) {
      this.onError(error);
    }
  }

  #insert(rows) {
    const fresh = rows.filter((r) => !this.#known.has(r.id) && (!this.#filter || r.decision === this.#filter)).sort((a, b) => (a.id < b.id ? -1 : 1));
    for (const row of fresh) {
      this.#known.add(row.id);
      const place = this.#rows.findIndex((r) => r.id < row.id);
      const at = place < 0 ? this.#rows.length : place;
      this.#rows.splice(at, 0, row);
      const item = this.#item(row);
      item.classList.add('fresh');
      this.list.insertBefore(item, this.list.children[at] ?? null);
    }

    while (this.#rows.length > shownAtMost) {
      const last = this.#rows.pop();
      this.#known.delete(last.id);
      this.list.lastElementChild.remove();
      this.older.hidden = false;
    }

    this.#showEmptiness();
    this.#announce(fresh);
  }

  /** Tells a screen reader what came in, at most every five seconds. */
  #announce(rows) {
    const news = this.#announced;
    news.count += rows.length;
    news.abstained += rows.filter((r) => r.decision === 'abstained').length;
    news.timer ??= news.count === 0 ? null : setTimeout(() => {
      this.announcer.textContent = `${news.count} new ${news.count === 1 ? 'decision' : 'decisions'}, ${news.abstained} abstained.`;
      this.#announced = { count: 0, abstained: 0, timer: null };
    }, 5000);
  }

  #showEmptiness() {
    this.list.querySelector('.nothing')?.remove();
    if (this.#rows.length === 0) {
      this.list.append(h('li', { class: 'nothing empty' }, 'No decisions yet. They appear here as requests are guarded.'));
    }
  }

  #refreshTimes() {
    for (const time of this.list.querySelectorAll('time')) {
      time.textContent = ago(Number(time.dataset.at));
    }
  }

  #item(row) {
    const claims = row.supported + row.contradicted + row.unverifiable;
    const facts = [
      row.confidence !== undefined && row.confidence !== null ? `confidence ${decimal(row.confidence)}` : null,
      claims > 0 ? `${count(row.supported)} of ${count(claims)} claims supported` : null,
      row.attempts > 1 ? `${row.attempts} attempts` : null,
      milliseconds(row.totalMs),
    ].filter(Boolean).join(' · ');
    return h(
      'li', {},
      h(
        'button', { type: 'button', class: `row ${row.decision}`, 'data-id': row.id, onclick: (event) => this.onOpen(row.id, event.currentTarget) },
        h('span', { class: 'row-head' },
          h('span', { class: `badge ${row.decision}` }, word(row.decision)),
          row.reason !== 'none' && h('span', { class: 'reason' }, word(row.reason)),
          row.label && h('span', { class: 'labelled', title: `Labelled: ${word(row.label)}` }, `★ ${word(row.label)}`),
          h('time', { 'data-at': row.at, datetime: new Date(row.at).toISOString() }, ago(row.at))),
        row.question && h('span', { class: 'question' }, row.question),
        h('span', { class: 'facts' }, facts),
      ),
    );
  }
}
