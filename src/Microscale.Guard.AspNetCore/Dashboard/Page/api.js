// What the page asks of its server.

const token = document.querySelector('meta[name="guard-token"]');

async function read(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Error(body.error ?? `The server answered ${response.status}.`);
  }

  return body;
}

async function get(path, query = {}) {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value));
  return read(await fetch(`api/${path}?${search}`, { headers: { accept: 'application/json' } }));
}

export const summary = (span, scorer) => get('summary', { window: span, scorer });

export const decisions = (query) => get('decisions', query);

export const decision = (id) => get(`decisions/${encodeURIComponent(id)}`);

/** Labels a decision; null takes the label back. */
export async function feedback(id, label) {
  return read(await fetch(`api/decisions/${encodeURIComponent(id)}/feedback`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [token.dataset.header]: token.content },
    body: JSON.stringify({ label }),
  }));
}

/** Listens to the live stream for as long as the page is open. */
export function listen({ onDecisions, onState }) {
  const source = new EventSource('api/stream');
  source.addEventListener('hello', () => onState('live'));
  source.addEventListener('beat', () => onState('live'));
  source.addEventListener('trouble', () => onState('trouble'));
  source.addEventListener('decisions', (event) => {
    onState('live');
    onDecisions(JSON.parse(event.data));
  });
  source.addEventListener('error', () => onState('connecting'));
  return source;
}
