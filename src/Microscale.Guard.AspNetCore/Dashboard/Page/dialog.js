// One decision: its answer, claims, evidence, attempts and times, and what a person says of it.
import { h, replace } from './dom.js';
import { count, dateAndTime, decimal, marks, milliseconds, percent, word } from './format.js';
import { judgedText, jump } from './answer.js';
import { table } from './figure.js';
import * as api from './api.js';

/** Opens decisions in the page's dialog. */
export class DecisionDialog {
  #opener = null;

  constructor({ dialog, onLabel }) {
    this.dialog = dialog;
    this.onLabel = onLabel;
    dialog.addEventListener('close', () => this.#opener?.isConnected && this.#opener.focus());
    dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  }

  async open(id, opener) {
    this.#opener = opener;
    replace(this.dialog, this.#head('Decision'), h('p', { class: 'empty', role: 'status' }, 'Loading…'));
    this.dialog.showModal();
    try {
      this.#show(id, await api.decision(id));
    } catch (error) {
      replace(this.dialog, this.#head('Decision'), h('p', { class: 'empty', role: 'alert' }, error.message));
    }

    this.dialog.querySelector('.close').focus();
  }

  #head(title, ...more) {
    return h(
      'header', { class: 'dialog-head' },
      h('h2', { id: 'decision-title' }, title), more,
      h('button', { type: 'button', class: 'close', 'aria-label': 'Close', onclick: () => this.dialog.close() }, '✕'),
    );
  }

  #show(id, { row, detail }) {
    replace(
      this.dialog,
      this.#head(word(row.decision), h('span', { class: `badge ${row.decision}` }, row.reason === 'none' ? 'All checks passed' : word(row.reason))),
      h('div', { class: 'dialog-body' },
        this.#feedback(id, row),
        texts(row, detail),
        claims(detail),
        evidence(detail),
        attempts(detail),
        timings(detail.timings),
        faults(detail),
        facts(row, detail)),
    );
  }

  #feedback(id, row) {
    const isAbstention = row.decision === 'abstained';
    const choices = isAbstention
      ? [['right', '✓ Right to abstain'], ['should_have_answered', '↺ Should have answered']]
      : [['right', '✓ Right'], ['wrong', '✗ Wrong']];
    const status = h('span', { class: 'status', role: 'status' });
    const buttons = choices.map(([label, text]) => h('button', {
      type: 'button', class: `choice ${label}`, 'aria-pressed': String(row.label === label),
      onclick: async () => {
        const next = row.label === label ? null : label;
        try {
          await api.feedback(id, next);
          row.label = next;
          buttons.forEach((button, i) => button.setAttribute('aria-pressed', String(choices[i][0] === next)));
          status.textContent = next ? 'Saved as a label.' : 'Label taken back.';
          this.onLabel(id, next);
        } catch (error) {
          status.textContent = error.message;
        }
      },
    }, text));
    return h('div', { class: 'feedback', role: 'group', 'aria-label': 'Your judgement' }, h('span', { class: 'ask' }, isAbstention ? 'Was that right?' : 'Is the answer right?'), buttons, status);
  }
}

function part(title, ...children) {
  return h('section', {}, h('h3', {}, title), children);
}

function texts(row, detail) {
  if (detail.answer === undefined && detail.question === undefined) {
    return h('p', { class: 'hint' }, 'Texts are not shown: the application does not capture content (CaptureContent).');
  }

  const judged = detail.draft ?? detail.answer;
  return [
    detail.question && part('Question', h('p', { class: 'question' }, detail.question)),
    row.decision === 'abstained'
      ? [detail.answer && part('What the caller got', h('p', { class: 'given' }, detail.answer)), detail.draft && part('What was withheld', judgedText(detail.draft, detail.claims))]
      : judged && part('Answer', judgedText(judged, detail.claims)),
    detail.explanation && h('p', { class: 'hint' }, detail.explanation),
  ];
}

function claims(detail) {
  if (detail.claims.length === 0) {
    return null;
  }

  return part('Claims', h('ol', { class: 'claims' }, detail.claims.map((claim, i) => h(
    'li', { id: `claim-${i + 1}`, tabindex: '-1', class: claim.verdict },
    h('div', { class: 'claim-head' },
      h('span', { class: `verdict ${claim.verdict}` }, `${marks[claim.verdict] ?? '?'} ${word(claim.verdict)}`),
      claim.verifierFailed && h('span', { class: 'reason' }, 'a verifier failed')),
    claim.text && h('p', {}, claim.text),
    claim.findings.length > 0 && h('ul', { class: 'findings' }, claim.findings.map((finding) => h(
      'li', {},
      h('strong', {}, finding.verifier), ` ${word(finding.verdict).toLowerCase()}`,
      finding.score !== undefined && ` (${decimal(finding.score)})`,
      finding.evidence && [' by ', h('a', { href: `#evidence-${finding.evidence}`, onclick: jump }, `passage ${finding.evidence}`)],
      finding.explanation && h('span', { class: 'why' }, `: ${finding.explanation}`),
    ))),
  ))));
}

function evidence(detail) {
  if (detail.evidence.length === 0) {
    return part('Evidence', h('p', { class: 'hint' }, 'There was none.'));
  }

  return part('Evidence', h('ol', { class: 'evidence' }, detail.evidence.map((passage, i) => h(
    'li', { id: `evidence-${i + 1}`, tabindex: '-1' },
    h('div', { class: 'claim-head' },
      h('strong', {}, passage.source ?? passage.id ?? `Passage ${i + 1}`),
      h('span', { class: 'reason' }, word(passage.provenance)),
      passage.score !== undefined && h('span', { class: 'reason' }, `score ${decimal(passage.score)}`)),
    link(passage.url),
    passage.text && h('p', {}, passage.text),
  ))));
}

/** The address of a document; only web addresses become links. */
function link(address) {
  if (!address) {
    return null;
  }

  const isWeb = /^https?:\/\//i.test(address);
  return isWeb ? h('a', { href: address, rel: 'noopener noreferrer', target: '_blank' }, address) : h('span', { class: 'reason' }, address);
}

function attempts(detail) {
  return detail.attempts.length > 0 && part('Attempts', h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Attempts: table' }, table({
    head: ['Attempt', 'Outcome', 'Model', 'Confidence', 'Claims', 'Tokens', 'Time'],
    rows: detail.attempts.map((a) => [
      word(a.kind), word(a.reason), a.model ?? '–', decimal(a.confidence), `${a.supportedClaims} of ${a.claims}`, a.tokens === undefined ? '–' : count(a.tokens), milliseconds(a.ms),
    ]),
  })));
}

function timings(times) {
  const parts = [['Retrieval', times.retrieval, 'retrieval'], ['Model', times.generation, 'generation'], ['Scoring', times.scoring, 'scoring'], ['Verification', times.verification, 'verification']];
  const most = Math.max(times.total, ...parts.map(([, value]) => value), 1e-6);
  return part('Time', h('ul', { class: 'times' }, [...parts, ['Total', times.total, 'total'], ['of it the guard’s', times.overhead, 'overhead']].map(([name, value, style]) => {
    const bar = h('span', { class: `time ${style}`, 'aria-hidden': 'true' });
    bar.style.width = `${Math.max(0.5, Math.min(1, value / most) * 100)}%`;
    return h('li', {}, h('span', { class: 'name' }, name), h('span', { class: 'value' }, milliseconds(value)), h('span', { class: 'track' }, bar));
  })));
}

function faults(detail) {
  return detail.faults.length > 0 && part('Faults', h('ul', {}, detail.faults.map((fault) => h(
    'li', {}, h('strong', {}, `${word(fault.stage)}: ${fault.component}`), ` ${fault.errorType}`, fault.message && `: ${fault.message}`,
  ))));
}

function facts(row, detail) {
  const confidence = detail.confidence;
  const rows = [
    ['When', dateAndTime(row.at)],
    ['Model', row.model],
    ['Confidence', confidence && `${decimal(confidence.value)} by ${confidence.scorer}${confidence.calibrated ? ', calibrated' : ', raw'}`],
    ...(confidence?.parts ?? []).map((p) => [`– ${p.scorer}`, decimal(p.value)]),
    ['Threshold', row.threshold === undefined || row.threshold === null ? null : decimal(row.threshold)],
    ['Tokens', row.tokens === undefined || row.tokens === null ? null : count(row.tokens)],
    ['Delivery', row.streaming ? 'streamed' : 'whole'],
    ['Trace', row.traceId],
    ['Response', detail.responseId],
    ['Decision', row.id],
    ['Guard’s share of the time', percent(detail.timings.total > 0 ? detail.timings.overhead / detail.timings.total : null)],
  ].filter(([, value]) => value);
  return part('Facts', h('dl', { class: 'fact-list' }, rows.map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])));
}
