// Puts the page together: asks for the figures, listens to the stream, opens decisions.
import { h, replace } from './dom.js';
import { count } from './format.js';
import { DecisionDialog } from './dialog.js';
import { DecisionList } from './decisions.js';
import { ThresholdPanel } from './threshold.js';
import { showCharts, showGaps, showScores, showTiles } from './panels.js';
import * as api from './api.js';

const element = (id) => document.getElementById(id);
const fastestRefresh = 2000;
const idleRefresh = 15000;

const controls = element('controls');
const banner = element('banner');
let latest = null;
let asked = 0;
let askedAt = 0;
let timer = null;
let isDue = false;

const dialog = new DecisionDialog({
  dialog: element('decision'),
  onLabel: (id, label) => {
    list.label(id, label);
    refresh();
  },
});
const open = (id, opener) => dialog.open(id, opener);
const list = new DecisionList({
  list: element('decisions'), older: element('older'), announcer: element('announcer'), onOpen: open, onError: (error) => warn(error.message),
});
const threshold = new ThresholdPanel(element('threshold'), (value) => showScores(latest?.scores ?? null, value));

/** Asks for new figures now, and again after a while. An answer that another question has overtaken is left alone. */
async function refresh() {
  clearTimeout(timer);
  isDue = false;
  askedAt = Date.now();
  asked += 1;
  const number = asked;
  const form = new FormData(controls);
  try {
    const summary = await api.summary(form.get('window'), form.get('scorer'));
    if (number === asked) {
      latest = { ...summary, scores: summary.scores ?? null };
      show(latest);
    }
  } catch (error) {
    warn(error.message);
  }

  if (number === asked && !isDue) {
    timer = setTimeout(refresh, idleRefresh);
  }
}

/** Asks for new figures soon, however many decisions come in. */
function refreshSoon() {
  if (!isDue) {
    isDue = true;
    clearTimeout(timer);
    timer = setTimeout(refresh, Math.max(200, askedAt + fastestRefresh - Date.now()));
  }
}

function show(summary) {
  const { history } = summary;
  showScorers(summary);
  showTiles(summary);
  threshold.show(summary.scores);
  showCharts(summary, threshold.value);
  showGaps(summary, open);
  element('history').textContent = `History: ${history.database}${history.dropped > 0 ? `; ${count(history.dropped)} decisions dropped by this process` : ''}`;
  warn(history.failure ? `The history cannot be written (${history.failure}): decisions are dropped, requests go on.` : null);
}

function showScorers({ scorers, scores }) {
  const select = element('scorer');
  select.parentElement.hidden = scorers.length < 2;
  if (scorers.join() !== [...select.options].map((o) => o.value).join()) {
    replace(select, scorers.map((name) => h('option', { value: name, selected: name === scores?.scorer }, name)));
  }
}

function warn(message) {
  banner.hidden = !message;
  if (banner.textContent !== (message ?? '')) {
    banner.textContent = message ?? '';
  }
}

api.listen({
  onDecisions: (rows) => {
    list.add(rows);
    refreshSoon();
  },
  onState: (state) => {
    const connection = element('connection');
    connection.dataset.state = state;
    const text = { live: 'live', connecting: 'connecting', trouble: 'history unavailable' }[state];
    if (connection.querySelector('.text').textContent !== text) {
      connection.querySelector('.text').textContent = text;
    }
  },
});

controls.addEventListener('change', refresh);
element('filters').addEventListener('change', (event) => list.show(event.target.value));
element('pause').addEventListener('click', (event) => {
  const isPaused = event.currentTarget.getAttribute('aria-pressed') !== 'true';
  event.currentTarget.setAttribute('aria-pressed', String(isPaused));
  event.currentTarget.textContent = isPaused ? 'Resume' : 'Pause';
  list.pause(isPaused);
});

list.show();
refresh();
