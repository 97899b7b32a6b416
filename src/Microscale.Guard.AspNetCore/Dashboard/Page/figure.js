// What all charts have in common: a heading, a key, the drawing, and the same figures as a table.
import { h, replace } from './dom.js';

const widths = new WeakMap();

const observer = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) {
    const known = widths.get(target);
    if (known && Math.abs(known.width - contentRect.width) > 1) {
      known.width = contentRect.width;
      known.draw();
    }
  }
});

/**
 * Shows a chart.
 * @param element The figure.
 * @param chart title, note, keys ([class, text]), draw(width) for the drawing or null when there is nothing to draw, empty (what is
 * said then), table ({ head, rows }).
 */
export function showFigure(element, chart) {
  const open = element.querySelector('details')?.open ?? false;
  const canvas = h('div', { class: 'canvas' });
  replace(
    element,
    h('figcaption', {}, h('h2', {}, chart.title), chart.note && h('p', { class: 'note' }, chart.note)),
    chart.draw && chart.keys ? h('ul', { class: 'keys', 'aria-hidden': 'true' }, chart.keys.map(([name, text]) => h('li', { class: name }, text))) : null,
    canvas,
    chart.draw && chart.table ? h('details', { open }, h('summary', {}, 'As a table'), h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': `${chart.title}: table` }, table(chart.table))) : null,
  );
  if (!chart.draw) {
    canvas.append(h('p', { class: 'empty' }, chart.empty ?? 'Nothing yet.'));
    return;
  }

  const draw = () => replace(canvas, chart.draw(Math.max(220, canvas.clientWidth)));
  widths.set(canvas, { width: canvas.clientWidth, draw });
  observer.observe(canvas);
  draw();
}

export function table({ head, rows, caption }) {
  return h(
    'table', {},
    caption && h('caption', { class: 'sr' }, caption),
    h('thead', {}, h('tr', {}, head.map((cell) => h('th', { scope: 'col' }, cell)))),
    h('tbody', {}, rows.map((row) => h('tr', {}, row.map((cell, i) => (i === 0 ? h('th', { scope: 'row' }, cell) : h('td', {}, cell)))))),
  );
}
