/** Asks the server, and gives what it says line by line. */
export async function* ask(turns, signal) {
  const response = await fetch('api/chat', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ turns }),
    signal,
  });
  if (!response.ok) {
    throw new Error(await reason(response));
  }

  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) {
      break;
    }

    const lines = (rest + value).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      yield JSON.parse(line);
    }
  }
}

async function reason(response) {
  try {
    return (await response.json()).message;
  } catch {
    return `The server refused the question (${response.status}).`;
  }
}
