const dialog = document.getElementById('passage');
const part = (name) => document.getElementById(`passage-${name}`);

/** Opens a passage, with what the verifier says of it. The browser gives the focus back when it closes. */
export function showPassage(number, passage, finding) {
  part('number').textContent = number;
  part('title').textContent = passage.title;
  part('text').textContent = passage.text;
  part('finding').textContent = finding ?? '';
  part('finding').hidden = !finding;
  const link = part('link');
  link.hidden = !/^https?:/.test(passage.url ?? '');
  link.textContent = passage.url ?? '';
  link.href = link.hidden ? '' : passage.url;
  dialog.showModal();
}

dialog.addEventListener('click', (event) => {
  if (event.target === dialog) {
    dialog.close();
  }
});
