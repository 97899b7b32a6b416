// Numbers, times and words for people.

const words = {
  none: 'Passed',
  low_confidence: 'Low confidence',
  contradicted: 'Contradicted',
  unverifiable: 'Unverifiable',
  no_evidence: 'No evidence',
  verifier_failed: 'Verifier failed',
  scorer_failed: 'Scorer failed',
  not_calibrated: 'Not calibrated',
  source_failed: 'Source failed',
  policy_failed: 'Policy failed',
  budget_spent: 'Budget spent',
  bypassed: 'Bypassed',
  supported: 'Supported',
  delivered: 'Delivered',
  repaired: 'Repaired',
  escalated: 'Escalated',
  abstained: 'Abstained',
  right: 'Right',
  wrong: 'Wrong',
  should_have_answered: 'Should have answered',
  tool_result: 'Tool result',
};

/** A word of the history for people. */
export function word(value) {
  return words[value] ?? (value.charAt(0).toUpperCase() + value.slice(1)).replaceAll('_', ' ');
}

export const marks = { supported: '✓', contradicted: '✗', unverifiable: '?' };

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export function count(value) {
  return value >= 100000 ? compact.format(value) : whole.format(value);
}

/** A share from 0 to 1, such as "12.5 %". */
export function percent(value, digits) {
  if (value === null || value === undefined || Number.isNaN(value)) {
    return '–';
  }

  const hundred = value * 100;
  const shown = digits ?? (hundred > 0 && hundred < 10 ? 1 : 0);
  return `${hundred.toFixed(shown)} %`;
}

export function ratio(part, all) {
  return all > 0 ? part / all : null;
}

export function decimal(value, digits = 2) {
  return value === null || value === undefined ? '–' : value.toFixed(digits);
}

export function milliseconds(value) {
  if (value === null || value === undefined) {
    return '–';
  }

  return value < 1 ? `${Math.round(value * 1000)} µs`
    : value < 10 ? `${value.toFixed(1)} ms`
    : value < 1000 ? `${Math.round(value)} ms`
    : value < 60000 ? `${(value / 1000).toFixed(value < 10000 ? 1 : 0)} s`
    : `${(value / 60000).toFixed(1)} min`;
}

/** A moment, as short as the span that it lies in allows. */
export function moment(at, span) {
  const date = new Date(at);
  const day = 86400000;
  return span > 2 * day
    ? date.toLocaleDateString(undefined, { month: 'short', day: 'numeric' })
    : date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', second: span < 1200000 ? '2-digit' : undefined });
}

export function dateAndTime(at) {
  return new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** How long ago, such as "12 s". */
export function ago(at) {
  const seconds = Math.max(0, Math.round((Date.now() - at) / 1000));
  return seconds < 5 ? 'now'
    : seconds < 60 ? `${seconds} s`
    : seconds < 3600 ? `${Math.floor(seconds / 60)} min`
    : seconds < 86400 ? `${Math.floor(seconds / 3600)} h`
    : `${Math.floor(seconds / 86400)} d`;
}
