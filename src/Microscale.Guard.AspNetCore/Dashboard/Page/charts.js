// Drawings in SVG. Each returns an element; what they show stands in a table beside them as well.
import { h, s } from './dom.js';

const height = 200;
const frame = { top: 10, right: 12, bottom: 24, left: 54 };

function plot(width, label, { xMax = 1, yMax = 1, yFormat, xTicks, xFormat, tall = height }) {
  const yTicks = '24'.includes(yMax.toExponential()[0]) ? 4 : 5;
  const inner = { width: width - frame.left - frame.right, height: tall - frame.top - frame.bottom };
  const x = (value) => frame.left + (value / xMax) * inner.width;
  const y = (value) => frame.top + inner.height - (Math.min(value, yMax) / yMax) * inner.height;
  const drawing = s('svg', { width, height: tall, viewBox: `0 0 ${width} ${tall}`, role: 'img', 'aria-label': label });
  for (let i = 0; i <= yTicks; i++) {
    const value = (yMax * i) / yTicks;
    drawing.append(
      s('line', { class: i === 0 ? 'axis' : 'grid', x1: frame.left, x2: width - frame.right, y1: y(value), y2: y(value) }),
      s('text', { class: 'tick', x: frame.left - 8, y: y(value) + 4, 'text-anchor': 'end' }, yFormat(value)),
    );
  }

  xTicks.forEach((value, i) => drawing.append(
    s('text', { class: 'tick', x: x(value), y: tall - 6, 'text-anchor': i === 0 ? 'start' : i === xTicks.length - 1 ? 'end' : 'middle' }, xFormat(value)),
  ));
  return { drawing, x, y, inner, tall };
}

/** The points of a line as path data; a gap where there is no value. */
function path(points) {
  let pen = 'M';
  return points.map(([px, py]) => {
    if (py === null) {
      pen = 'M';
      return '';
    }

    const step = `${pen}${px.toFixed(1)} ${py.toFixed(1)}`;
    pen = 'L';
    return step;
  }).join('');
}

/** A round number at or above a value. */
export function ceiling(value) {
  const magnitude = 10 ** Math.floor(Math.log10(Math.max(value, 1e-9)));
  return [1, 2, 4, 5, 10].map((m) => m * magnitude).find((m) => m >= value * 0.999);
}

/**
 * Lines over time.
 * @param lines [{ name, class, values, area }], with null for no value.
 * @param times The moment of each value.
 */
export function lineChart(width, { label, times, lines, bars, yMax, yFormat, xFormat, mark }) {
  const last = times.length - 1;
  const ticks = width < 420 ? [0, Math.floor(last / 2), last] : [0, 1, 2, 3, 4].map((i) => Math.round((last * i) / 4));
  const { drawing, x, y, inner } = plot(width, label, { xMax: last, yMax, yFormat, xTicks: ticks, xFormat: (i) => xFormat(times[i]) });
  if (bars) {
    const most = Math.max(1, ...bars);
    const step = inner.width / bars.length;
    bars.forEach((value, i) => value > 0 && drawing.append(s('rect', {
      class: 'volume', x: frame.left + i * step + step * 0.15, width: step * 0.7, y: y(0) - (value / most) * inner.height * 0.9, height: (value / most) * inner.height * 0.9, rx: 1.5,
    })));
  }

  if (mark) {
    drawing.append(
      s('line', { class: 'mark', x1: frame.left, x2: width - frame.right, y1: y(mark.value), y2: y(mark.value) }),
      s('text', { class: 'tick', x: width - frame.right, y: y(mark.value) - 5, 'text-anchor': 'end' }, mark.text),
    );
  }

  for (const line of lines) {
    const points = line.values.map((value, i) => [x(i), value === null ? null : y(value)]);
    drawing.append(s('path', { class: `line ${line.class}`, d: path(points) }));
    points.forEach(([px, py], i) => {
      const isAlone = py !== null && (points[i - 1]?.[1] ?? null) === null && (points[i + 1]?.[1] ?? null) === null;
      if (isAlone) {
        drawing.append(s('circle', { class: `point ${line.class}`, cx: px, cy: py, r: 2.5 }));
      }
    });
  }

  return withReadout(drawing, width, last, x, (i) => [
    xFormat(times[i]), ...lines.map((line) => `${line.name}: ${line.values[i] === null ? '–' : yFormat(line.values[i])}`), ...(bars ? [`Requests: ${bars[i]}`] : []),
  ]);
}

/** Adds a line that follows the pointer, and what is there in words. */
function withReadout(drawing, width, last, x, describe) {
  const rule = s('line', { class: 'rule', y1: frame.top, y2: height - frame.bottom, visibility: 'hidden' });
  drawing.append(rule);
  const readout = h('div', { class: 'readout', hidden: true, 'aria-hidden': 'true' });
  const holder = h('div', { class: 'holder' }, drawing, readout);
  holder.addEventListener('pointermove', (event) => {
    const offset = event.clientX - holder.getBoundingClientRect().left;
    const i = Math.max(0, Math.min(last, Math.round(((offset - frame.left) / (width - frame.left - frame.right)) * last)));
    rule.setAttribute('x1', x(i));
    rule.setAttribute('x2', x(i));
    rule.setAttribute('visibility', 'visible');
    readout.replaceChildren(...describe(i).map((text) => h('div', {}, text)));
    readout.hidden = false;
    readout.style.left = `${Math.min(Math.max(x(i), 70), width - 70)}px`;
  });
  holder.addEventListener('pointerleave', () => {
    readout.hidden = true;
    rule.setAttribute('visibility', 'hidden');
  });
  return holder;
}

/** Horizontal bars of stacked parts: rows of { name, parts: [{ class, value, name }], text }. */
export function barList(rows) {
  const most = Math.max(1, ...rows.map((row) => row.parts.reduce((sum, part) => sum + part.value, 0)));
  return h('ul', { class: 'bars' }, rows.map((row) => {
    const bar = h('div', { class: 'bar', 'aria-hidden': 'true' }, row.parts.filter((part) => part.value > 0).map((part) => {
      const piece = h('span', { class: part.class, title: `${part.name}: ${part.value}` });
      piece.style.flexGrow = part.value;
      return piece;
    }));
    bar.style.width = `${Math.max(1.5, (row.parts.reduce((sum, part) => sum + part.value, 0) / most) * 100)}%`;
    return h('li', {}, h('span', { class: 'name' }, row.name), h('span', { class: 'value' }, row.text), h('div', { class: 'track' }, bar));
  }));
}

/** Stacked columns over 0 to 1. */
export function histogram(width, { label, bins, parts, mark, yFormat, xFormat }) {
  const most = ceiling(Math.max(4, ...bins.map((bin) => parts.reduce((sum, part) => sum + bin[part.key], 0))));
  const { drawing, x, y } = plot(width, label, { yMax: most, yFormat, xTicks: [0, 0.25, 0.5, 0.75, 1], xFormat });
  const step = x(1 / bins.length) - x(0);
  bins.forEach((bin, i) => {
    let base = 0;
    for (const part of parts) {
      const value = bin[part.key];
      if (value > 0) {
        drawing.append(s('rect', { class: `column ${part.class}`, x: x(i / bins.length) + 1.5, width: step - 3, y: y(base + value), height: y(base) - y(base + value), rx: 1.5 }));
      }

      base += value;
    }
  });
  if (mark !== null && mark !== undefined) {
    drawing.append(
      s('line', { class: 'mark', x1: x(mark), x2: x(mark), y1: frame.top, y2: height - frame.bottom }),
      s('text', { class: 'tick', x: x(mark) + (mark > 0.7 ? -5 : 5), y: frame.top + 10, 'text-anchor': mark > 0.7 ? 'end' : 'start' }, `threshold ${mark.toFixed(2)}`),
    );
  }

  return drawing;
}

/** A curve, or points, over the unit square (or a lower one). */
export function curve(width, { label, points, isLine, diagonal, yMax = 1, yFormat, xFormat, xTitle, yTitle, at }) {
  const { drawing, x, y } = plot(width, label, { yMax, yFormat, xTicks: [0, 0.25, 0.5, 0.75, 1], xFormat, tall: 220 });
  if (diagonal) {
    drawing.append(s('line', { class: 'mark', x1: x(0), y1: y(0), x2: x(1), y2: y(1) }));
  }

  if (isLine) {
    drawing.append(s('path', { class: 'line risk', d: path(points.map((p) => [x(p.x), y(p.y)])) }));
  } else {
    const most = Math.max(...points.map((p) => p.weight));
    points.forEach((p) => drawing.append(s('circle', { class: 'point calibration', cx: x(p.x), cy: y(p.y), r: 3 + 6 * Math.sqrt(p.weight / most) }, s('title', {}, p.text))));
  }

  if (at) {
    drawing.append(s('circle', { class: 'here', cx: x(at.x), cy: y(at.y), r: 5 }));
  }

  drawing.append(
    s('text', { class: 'tick', x: x(1), y: y(0) - 6, 'text-anchor': 'end' }, xTitle),
    s('text', { class: 'tick', x: x(0) + 6, y: frame.top + 8 }, yTitle),
  );
  return drawing;
}

/** Three shares as a triangle: the further out, the more of it. */
export function triangle(size, { label, axes, shapes }) {
  const centre = { x: size / 2, y: size * 0.56 };
  const radius = size * 0.36;
  const angles = [-90, 30, 150].map((degrees) => (degrees * Math.PI) / 180);
  const corner = (i, share) => `${(centre.x + Math.cos(angles[i]) * radius * share).toFixed(1)},${(centre.y + Math.sin(angles[i]) * radius * share).toFixed(1)}`;
  const outline = (shares) => shares.map((share, i) => corner(i, share ?? 0)).join(' ');
  const drawing = s('svg', { width: size, height: size * 0.9, viewBox: `0 0 ${size} ${size * 0.9}`, role: 'img', 'aria-label': label });
  for (const share of [0.25, 0.5, 0.75, 1]) {
    drawing.append(s('polygon', { class: share === 1 ? 'axis' : 'grid', points: outline([share, share, share]) }));
  }

  angles.forEach((_, i) => drawing.append(s('line', { class: 'grid', x1: centre.x, y1: centre.y, x2: corner(i, 1).split(',')[0], y2: corner(i, 1).split(',')[1] })));
  shapes.forEach((shape) => drawing.append(s('polygon', { class: shape.class, points: outline(shape.shares) })));
  const places = [
    { x: centre.x, y: centre.y - radius - 22, 'text-anchor': 'middle' },
    { x: size - 4, y: centre.y + radius * 0.5 + 20, 'text-anchor': 'end' },
    { x: 4, y: centre.y + radius * 0.5 + 20, 'text-anchor': 'start' },
  ];
  axes.forEach((axis, i) => drawing.append(
    s('text', { class: 'corner', ...places[i] }, axis.name),
    s('text', { class: 'tick', ...places[i], y: places[i].y + 14 }, axis.text),
  ));
  return drawing;
}

/** A small line without axes. */
export function sparkline(values, name) {
  const known = values.filter((value) => value !== null);
  const most = Math.max(1e-9, ...known);
  const points = values.map((value, i) => [(i / Math.max(1, values.length - 1)) * 100, value === null ? null : 26 - (value / most) * 24]);
  return s('svg', { class: 'spark', viewBox: '0 0 100 28', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, s('path', { class: `line ${name}`, d: path(points) }));
}
