/** Builds an element. Text is only ever set as text: what a model or a passage says is data. */
export function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (value !== null && value !== undefined) {
      element.setAttribute(name, value);
    }
  }

  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}
