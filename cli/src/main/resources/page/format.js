// Numbers and elements as text: one place that decides digits and units.

export function millis(value) {
  if (value === null || value === undefined) return '–';
  if (value < 10) return `${trimmed(value, 1)} ms`;
  if (value < 1000) return `${Math.round(value)} ms`;
  return `${trimmed(value / 1000, value < 10_000 ? 2 : 1)} s`;
}

export function bytes(value) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${trimmed(value, value < 10 && unit > 0 ? 1 : 0)} ${units[unit]}`;
}

export function percent(fraction) {
  return `${trimmed(fraction * 100, 1)} %`;
}

export function count(value) {
  return value.toLocaleString('en');
}

function trimmed(value, digits) {
  return Number(value.toFixed(digits)).toString();
}

// An element with attributes, classes, listeners and children; never with markup from data.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  fill(made, attributes, children);
  return made;
}

export function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  fill(made, attributes, children);
  return made;
}

function fill(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
}
