// What another threshold would have done, and what it does to calibration, confidence and hallucination together.
import { h, replace } from './dom.js';
import { count, decimal, percent, ratio } from './format.js';
import { triangle } from './charts.js';
import { table } from './figure.js';

/** The slider with its figures. It keeps its place while new figures come in. */
export class ThresholdPanel {
  #scores = null;
  #chosen = null;

  constructor(element, onMove) {
    this.onMove = onMove;
    this.slider = h('input', { type: 'range', id: 'threshold-slider', min: 0, max: 100, step: 1, value: 50, oninput: () => this.#move() });
    this.output = h('output', { for: 'threshold-slider' });
    this.reset = h('button', { type: 'button', class: 'quiet', onclick: () => this.#reset() }, 'Back to the policy’s');
    this.figures = h('div', { class: 'what-if', 'aria-live': 'polite' });
    this.drawing = h('div', { class: 'triangle' });
    this.tableHolder = h('details', {}, h('summary', {}, 'As a table'), h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Thresholds: table' }));
    this.note = h('p', { class: 'note' });
    this.body = h('div', { class: 'threshold-body' },
      h('div', {},
        h('div', { class: 'slider' }, h('label', { for: 'threshold-slider' }, 'Threshold'), this.slider, this.output, this.reset),
        this.figures),
      this.drawing);
    this.empty = h('p', { class: 'empty' }, 'Needs scored answers: give the guard a scorer (ScoreWith).');
    replace(element, h('h2', { id: 'threshold-title' }, 'What another threshold would have done'), this.note, this.empty, this.body, this.tableHolder);
  }

  /** The threshold that is looked at, from 0 to 1; null while nothing is scored. */
  get value() {
    return this.#scores && Number(this.slider.value) / 100;
  }

  show(scores) {
    this.#scores = scores;
    const hasScores = scores !== null && scores.requests > 0;
    this.empty.hidden = hasScores;
    this.body.hidden = this.tableHolder.hidden = this.note.hidden = !hasScores;
    if (!hasScores) {
      return;
    }

    this.note.textContent = `The latest ${count(scores.requests)} requests scored by ${scores.scorer}, by their first drafts. `
      + `${count(scores.withheldAnyway)} of them failed another check and are withheld at any threshold.`;
    this.slider.value = this.#chosen ?? Math.round((scores.threshold ?? 0.5) * 100);
    this.reset.hidden = scores.threshold === null || scores.threshold === undefined;
    this.#draw();
    replace(this.tableHolder.querySelector('.scroll'), table({
      head: ['Threshold', 'Answered', 'Share', 'Signals', 'Labelled wrong', 'Calibration error'],
      rows: scores.thresholds.filter((_, i) => i % 5 === 0).map((p) => [
        decimal(p.threshold), count(p.answered), percent(ratio(p.answered, scores.requests)), percent(ratio(p.signals, p.answered)), percent(ratio(p.wrong, p.labels)), decimal(p.ece, 3),
      ]),
    }));
  }

  #move() {
    this.#chosen = Number(this.slider.value);
    this.#draw();
    this.onMove(this.value);
  }

  #reset() {
    this.#chosen = null;
    this.slider.value = Math.round(this.#scores.threshold * 100);
    this.#draw();
    this.onMove(this.value);
    this.slider.focus();
  }

  #draw() {
    const scores = this.#scores;
    const point = scores.thresholds[Number(this.slider.value)];
    const current = scores.threshold === null || scores.threshold === undefined ? null : scores.thresholds[Math.round(scores.threshold * 100)];
    this.output.textContent = decimal(point.threshold);
    this.slider.setAttribute('aria-valuetext', `${decimal(point.threshold)}: ${percent(ratio(point.answered, scores.requests))} answered`);
    replace(
      this.figures,
      figure('Would be answered', `${count(point.answered)} of ${count(scores.requests)}`, percent(ratio(point.answered, scores.requests))),
      figure('Newly answered', `+${count(point.newlyAnswered)}`, 'withheld for their score now', 'gain'),
      figure('Newly withheld', `−${count(point.newlyWithheld)}`, 'answered now', 'loss'),
      figure('Mean confidence', decimal(point.meanConfidence), 'of the answered'),
      figure('Wrong', point.labels > 0 ? percent(ratio(point.wrong, point.labels)) : '–', point.labels > 0 ? `${count(point.wrong)} of ${count(point.labels)} labelled` : 'label answers to see it'),
      figure('Calibration error', decimal(point.ece, 3), point.labels > 0 ? `over ${count(point.labels)} labels` : 'label answers to see it'),
    );
    const shares = (p) => [p.ece === null || p.ece === undefined ? null : 1 - p.ece, ratio(p.answered, scores.requests), 1 - (hallucination(p) ?? 0)];
    const [calibration, confidence, truth] = shares(point);
    const axes = [
      { name: 'Confidence', text: `answers ${percent(confidence)}` },
      { name: 'No hallucination', text: point.answered === 0 ? '–' : percent(truth) },
      { name: 'Calibration', text: calibration === null ? 'no labels' : percent(calibration) },
    ];
    const order = ([a, b, c]) => [b, c, a];
    replace(this.drawing, triangle(280, {
      label: `Triangle at threshold ${decimal(point.threshold)}: ${axes.map((a) => `${a.name} ${a.text}`).join(', ')}.`,
      axes,
      shapes: [current && { class: 'shape-now', shares: order(shares(current)) }, { class: 'shape', shares: order([calibration, confidence, truth]) }].filter(Boolean),
    }), h('p', { class: 'note' }, 'A calibrated model that always answers must hallucinate (Kalai and Vempala 2024). The dashed shape is the policy’s threshold.'));
  }
}

/** The share of wrong answers by labels; without labels that of answers with a hallucination signal. */
function hallucination(point) {
  return ratio(point.wrong, point.labels) ?? ratio(point.signals, point.answered);
}

function figure(name, value, note, style = '') {
  return h('div', { class: `fig ${style}` }, h('span', { class: 'name' }, name), h('strong', {}, value), h('span', { class: 'sub' }, note));
}
