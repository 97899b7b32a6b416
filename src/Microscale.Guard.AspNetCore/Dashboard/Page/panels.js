// The page's figures from a summary: tiles, charts and tables.
import { h, replace } from './dom.js';
import { count, decimal, milliseconds, moment, percent, ratio, word } from './format.js';
import { barList, ceiling, curve, histogram, lineChart, sparkline } from './charts.js';
import { showFigure, table } from './figure.js';

const element = (id) => document.getElementById(id);

export function showTiles(summary) {
  const { totals, series, overhead } = summary;
  const answered = totals.requests - totals.abstained;
  const share = (key) => series.map((p) => ratio(p[key], p.requests));
  replace(
    element('tiles'),
    tile('Requests', count(totals.requests), `${count(totals.repaired)} repaired · ${count(totals.escalated)} escalated`, series.map((p) => p.requests), 'requests'),
    tile('Answered', percent(ratio(answered, totals.requests)), `${count(answered)} answers`, series.map((p) => ratio(p.requests - p.abstained, p.requests)), 'answered'),
    tile('Abstained', percent(ratio(totals.abstained, totals.requests)), `${count(totals.abstained)} requests`, share('abstained'), 'abstained'),
    tile('Hallucination signals', percent(ratio(totals.signals, totals.requests)), `${count(totals.signals)} requests`, share('signals'), 'signals'),
    tile('Guard’s own time', milliseconds(overhead.p50), `95 %: ${milliseconds(overhead.p95)}`, series.map((p) => p.overhead.p50 ?? null), 'overhead'),
    tile('Labels', count(totals.labels), totals.bypassed > 0 ? `${count(totals.bypassed)} requests bypassed` : 'no bypasses', null, ''),
  );
}

function tile(name, value, note, values, style) {
  return h('div', { class: `tile ${style}` }, h('h2', {}, name), h('p', { class: 'big' }, value), h('p', { class: 'sub' }, note), values && sparkline(values, style));
}

export function showCharts(summary, threshold) {
  const span = summary.to - summary.from;
  const times = summary.series.map((p) => p.at);
  const time = (at) => moment(at, span);
  rates(summary, times, time);
  reasons(summary);
  verifiers(summary);
  overhead(summary, times, time);
  drift(summary, times, time);
  showScores(summary.scores, threshold);
}

/** The charts on which the slider's threshold stands. */
export function showScores(scores, threshold) {
  confidence(scores, threshold);
  risk(scores, threshold);
  reliability(scores);
}

function rates({ series, totals }, times, time) {
  const abstained = series.map((p) => ratio(p.abstained, p.requests));
  const signals = series.map((p) => ratio(p.signals, p.requests));
  const most = Math.min(1, ceiling(Math.max(0.05, ...abstained, ...signals)));
  showFigure(element('chart-rates'), {
    title: 'Abstentions and hallucination signals',
    keys: [['abstained', 'Abstained'], ['signals', 'With a contradicted or unverifiable claim'], ['volume', 'Requests']],
    empty: 'No requests in this span.',
    draw: totals.requests > 0 && ((width) => lineChart(width, {
      label: `Of ${count(totals.requests)} requests ${percent(ratio(totals.abstained, totals.requests))} were abstentions and ${percent(ratio(totals.signals, totals.requests))} had a hallucination signal.`,
      times,
      lines: [{ name: 'Abstained', class: 'abstained', values: abstained }, { name: 'Signals', class: 'signals', values: signals }],
      bars: series.map((p) => p.requests),
      yMax: most,
      yFormat: (v) => percent(v, 0),
      xFormat: time,
    })),
    table: { head: ['From', 'Requests', 'Abstained', 'Signals'], rows: series.filter((p) => p.requests > 0).map((p) => [time(p.at), count(p.requests), count(p.abstained), count(p.signals)]) },
  });
}

function reasons({ reasons: rows }) {
  const withheld = rows.filter((r) => r.reason !== 'none');
  const all = [...new Set(withheld.map((r) => r.reason))].map((reason) => {
    const of = (isKept) => withheld.filter((r) => r.reason === reason && (r.decision === 'abstained') === isKept).reduce((sum, r) => sum + r.count, 0);
    return { reason, abstained: of(true), mended: of(false) };
  });
  showFigure(element('chart-reasons'), {
    title: 'Why first drafts were withheld',
    keys: [['abstained', 'Abstained'], ['repaired', 'Answered after all']],
    empty: 'Nothing was withheld.',
    draw: all.length > 0 && (() => barList(all.map((r) => ({
      name: word(r.reason),
      text: count(r.abstained + r.mended),
      parts: [{ class: 'abstained', name: 'Abstained', value: r.abstained }, { class: 'repaired', name: 'Answered after all', value: r.mended }],
    })))),
    table: { head: ['Reason', 'Abstained', 'Answered after all'], rows: all.map((r) => [word(r.reason), count(r.abstained), count(r.mended)]) },
  });
}

function verifiers({ verifiers: rows }) {
  showFigure(element('chart-verifiers'), {
    title: 'Verdicts by verifier',
    keys: [['supported', 'Supported'], ['contradicted', 'Contradicted'], ['unverifiable', 'Unverifiable']],
    empty: 'No claim was verified.',
    draw: rows.length > 0 && (() => barList(rows.map((r) => ({
      name: r.verifier === 'none' ? 'no verifier had an opinion' : r.verifier,
      text: count(r.supported + r.contradicted + r.unverifiable),
      parts: ['supported', 'contradicted', 'unverifiable'].map((key) => ({ class: key, name: word(key), value: r[key] })),
    })))),
    table: { head: ['Verifier', 'Supported', 'Contradicted', 'Unverifiable'], rows: rows.map((r) => [r.verifier, count(r.supported), count(r.contradicted), count(r.unverifiable)]) },
  });
}

function overhead({ series, overhead: all }, times, time) {
  const values = ['p50', 'p95', 'p99'].map((key) => series.map((p) => p.overhead[key] ?? null));
  showFigure(element('chart-overhead'), {
    title: 'The guard’s own time',
    note: `Half below ${milliseconds(all.p50)}, 95 % below ${milliseconds(all.p95)}, 99 % below ${milliseconds(all.p99)}.`,
    keys: [['p50', '50 %'], ['p95', '95 %'], ['p99', '99 %']],
    draw: all.p50 !== null && all.p50 !== undefined && ((width) => lineChart(width, {
      label: `The guard's own time: half of the requests below ${milliseconds(all.p50)}, 99 % below ${milliseconds(all.p99)}.`,
      times,
      lines: ['p50', 'p95', 'p99'].map((key, i) => ({ name: `${key.slice(1)} %`, class: key, values: values[i] })),
      yMax: ceiling(Math.max(0.001, ...values.flat())),
      yFormat: milliseconds,
      xFormat: time,
    })),
    table: { head: ['From', '50 %', '95 %', '99 %'], rows: series.filter((p) => p.requests > 0).map((p) => [time(p.at), milliseconds(p.overhead.p50), milliseconds(p.overhead.p95), milliseconds(p.overhead.p99)]) },
  });
}

function drift({ series }, times, time) {
  const values = series.map((p) => p.drift ?? null);
  const known = values.filter((v) => v !== null);
  showFigure(element('chart-drift'), {
    title: 'Drift of the scores',
    note: 'Population stability index against the calibration; from 0.2 its guarantees no longer hold.',
    empty: 'Nobody watches, or there are too few scores yet: a guard with a calibration watches by itself.',
    draw: known.length > 0 && ((width) => lineChart(width, {
      label: `The population stability index is ${decimal(known.at(-1))}; drift begins at 0.2.`,
      times,
      lines: [{ name: 'Index', class: 'drift', values }],
      yMax: ceiling(Math.max(0.3, ...known)),
      yFormat: (v) => decimal(v),
      xFormat: time,
      mark: { value: 0.2, text: 'drift' },
    })),
    table: { head: ['From', 'Index'], rows: series.filter((p) => p.drift !== null && p.drift !== undefined).map((p) => [time(p.at), decimal(p.drift, 3)]) },
  });
}

function confidence(scores, threshold) {
  showFigure(element('chart-confidence'), {
    title: 'Confidence of first drafts',
    note: scores && `By ${scores.scorer}.`,
    keys: [['answered', 'Delivered'], ['abstained', 'Withheld']],
    empty: 'No answer was scored.',
    draw: scores && scores.requests > 0 && ((width) => histogram(width, {
      label: `Confidence of ${count(scores.requests)} first drafts in twenty bins.`,
      bins: scores.distribution,
      parts: [{ key: 'withheld', class: 'abstained' }, { key: 'answered', class: 'answered' }],
      mark: threshold,
      yFormat: count,
      xFormat: (v) => decimal(v),
    })),
    table: scores && { head: ['From', 'Delivered', 'Withheld'], rows: scores.distribution.filter((b) => b.answered + b.withheld > 0).map((b) => [decimal(b.from), count(b.answered), count(b.withheld)]) },
  });
}

function risk(scores, threshold) {
  const points = scores?.riskCoverage ?? [];
  const here = threshold === null ? null : points.findLast((p) => p.threshold >= threshold);
  const most = ceiling(Math.max(0.05, ...points.map((p) => p.risk)));
  showFigure(element('chart-risk'), {
    title: 'Risk and coverage',
    note: points.length > 0 ? `From ${count(scores.labels)} labels. Area under the curve ${decimal(scores.aurc, 3)}.` : null,
    empty: 'Label decisions as right or wrong to see how the error rate falls as less is answered.',
    draw: points.length > 0 && ((width) => curve(width, {
      label: `Risk–coverage curve of ${count(scores.labels)} labelled answers; area ${decimal(scores.aurc, 3)}.`,
      points: points.map((p) => ({ x: p.coverage, y: p.risk })),
      isLine: true,
      yMax: Math.min(1, most),
      yFormat: (v) => percent(v, 0),
      xFormat: (v) => percent(v, 0),
      xTitle: 'answered →',
      yTitle: '↑ wrong among them',
      at: here && { x: here.coverage, y: here.risk },
    })),
    table: { head: ['Answered', 'Wrong among them', 'Threshold'], rows: points.map((p) => [percent(p.coverage, 1), percent(p.risk, 1), decimal(p.threshold)]) },
  });
}

function reliability(scores) {
  const points = scores?.reliability ?? [];
  showFigure(element('chart-reliability'), {
    title: 'Reliability',
    note: points.length > 0 ? `Expected calibration error ${decimal(scores.ece, 3)}.` : null,
    empty: 'Label decisions to see whether a confidence of 0.8 is right in 80 % of the cases.',
    draw: points.length > 0 && ((width) => curve(width, {
      label: `Reliability diagram of ${count(scores.labels)} labelled answers; expected calibration error ${decimal(scores.ece, 3)}.`,
      points: points.map((p) => ({ x: p.meanConfidence, y: p.accuracy, weight: p.count, text: `confidence ${decimal(p.meanConfidence)}: ${percent(p.accuracy)} right of ${p.count}` })),
      diagonal: true,
      yFormat: (v) => percent(v, 0),
      xFormat: (v) => decimal(v),
      xTitle: 'confidence →',
      yTitle: '↑ share that is right',
    })),
    table: { head: ['Confidence', 'Right', 'Answers'], rows: points.map((p) => [decimal(p.meanConfidence), percent(p.accuracy), count(p.count)]) },
  });
}

export function showGaps(summary, onOpen) {
  const open = (id, text) => h('button', { type: 'button', class: 'link', onclick: (event) => onOpen(id, event.currentTarget) }, text);
  const hidden = summary.history.capturesContent ? null : 'Texts are not shown: the application does not capture content (CaptureContent).';
  replace(
    element('claims'),
    h('h2', { id: 'claims-title' }, 'Claims that nothing supports'),
    h('p', { class: 'note' }, 'What was claimed most often without support, and the documents that were looked at: a document that says it is missing, or the claim is wrong.'),
    summary.unsupportedClaims.length === 0
      ? h('p', { class: 'empty' }, hidden ?? 'None in this span.')
      : h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Claims that nothing supports: table' }, table({
        head: ['Claim', 'Verdict', 'Times', 'Asked', 'Looked at'],
        rows: summary.unsupportedClaims.map((c) => [
          open(c.decisionId, c.text), h('span', { class: `verdict ${c.verdict}` }, word(c.verdict)), count(c.count), lines(c.questions), lines(c.sources, 'no document was found'),
        ]),
      })),
  );
  replace(
    element('gaps'),
    h('h2', { id: 'gaps-title' }, 'Questions without a document'),
    summary.gaps.length === 0
      ? h('p', { class: 'empty' }, hidden ?? 'None in this span.')
      : h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Questions without a document: table' }, table({
        head: ['Question', 'Times'], rows: summary.gaps.map((g) => [open(g.decisionId, g.question), count(g.count)]),
      })),
  );
}

function lines(texts, empty = '–') {
  return texts.length === 0 ? h('em', {}, empty) : h('ul', { class: 'lines' }, texts.map((text) => h('li', {}, text)));
}
