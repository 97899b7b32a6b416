// The conversation: asks, shows each sentence as the guard releases it, and judges it in colour.
import { ask } from './stream.js';
import { Answer } from './answer.js';
import { h } from './dom.js';

const suggestions = [
  'How many eyes does a honey bee have?',
  'Who was the first person to walk on the Moon?',
  'What year did the Brazilian physicist Carlos Drummond win the Nobel Prize?',
  'What is the atomic number of gold?',
  'Who designed the Sydney Opera House?',
];

// The small model follows a short conversation only.
const remembered = 4;

const form = document.getElementById('form');
const field = document.getElementById('question');
const send = document.getElementById('send');
const conversation = document.getElementById('conversation');
const welcome = document.getElementById('welcome');
let turns = [];
let running = null;

for (const text of suggestions) {
  document.getElementById('suggestions').append(h('li', {}, h('button', { type: 'button', onclick: () => submit(text) }, text)));
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (running) {
    running.abort();
  } else if (field.value.trim()) {
    submit(field.value.trim());
  }
});

field.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

document.getElementById('anew').addEventListener('click', () => {
  running?.abort();
  turns = [];
  conversation.replaceChildren();
  welcome.hidden = false;
  field.focus();
});

async function submit(question) {
  if (running) {
    return;
  }

  running = new AbortController();
  field.value = '';
  welcome.hidden = true;
  setBusy(true);
  conversation.append(h('li', { class: 'turn question' }, h('span', { class: 'sr' }, 'You: '), question));
  const answer = new Answer(conversation);
  turns.push({ role: 'user', text: question });
  const asked = turns;
  try {
    for await (const said of ask(turns.slice(-remembered), running.signal)) {
      answer.take(said);
    }
  } catch (error) {
    answer.fail(error.name === 'AbortError' ? 'Stopped. What was not yet checked is not shown.' : error.message);
  } finally {
    running = null;
    setBusy(false);
    field.focus();
  }

  // What was withheld is no part of what the model said.
  if (asked === turns) {
    turns = answer.delivered ? [...turns, { role: 'assistant', text: answer.delivered }] : turns.slice(0, -1);
  }
}

function setBusy(busy) {
  send.textContent = busy ? 'Stop' : 'Ask';
  conversation.setAttribute('aria-busy', String(busy));
}
