// A pod's card: why it is there, what it cost, what would have been better.

import { element, millis } from './format.js';
import { glyph } from './scale.js';

export class Card {
  #box;
  #opener = null;

  constructor(box) {
    this.#box = box;
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !box.hidden) this.close();
    });
    document.addEventListener('pointerdown', (event) => {
      if (!box.hidden && !box.contains(event.target) && !event.target.closest('[data-pod]')) this.close(false);
    });
  }

  open(pod, opener, inFlight) {
    this.#opener = opener;
    this.#box.dataset.pod = pod.pod;
    this.#box.replaceChildren(
      element('button', { type: 'button', class: 'close', 'aria-label': 'Close', onclick: () => this.close() }, '×'),
      element('h3', { id: 'card-title' }, glyph(pod.role, pod.group), ` ${pod.pod}`),
      element('p', { class: 'quiet' }, kind(pod)),
      ...part('Why here', pod.reason),
      ...part('Predicted KV cache transfer', cost(pod), 'big'),
      ...part('What would be better', pod.better ?? 'Nothing that was free.'),
      element('h4', {}, 'Where it is'),
      ladder(pod),
      ...(inFlight === undefined ? [] : part('Requests in flight', String(inFlight))),
    );
    this.#box.hidden = false;
    this.#place(opener);
    this.#box.focus({ preventScroll: true });
  }

  close(giveFocusBack = true) {
    this.#box.hidden = true;
    if (giveFocusBack) this.#again()?.focus({ preventScroll: true });
    this.#opener = null;
  }

  // The map may have been drawn anew since: then the element that stands for the same pod.
  #again() {
    if (this.#opener?.isConnected) return this.#opener;
    return document.querySelector(`[data-pod="${CSS.escape(this.#box.dataset.pod)}"]`);
  }

  // Beside the pod where there is room; narrow screens show the card as a sheet at the bottom (page.css).
  #place(opener) {
    const at = opener.getBoundingClientRect();
    const box = this.#box.getBoundingClientRect();
    const right = at.right + 12 + box.width < innerWidth;
    const left = right ? at.right + 12 : Math.max(12, at.left - 12 - box.width);
    const top = Math.min(Math.max(12, at.top - 40), Math.max(12, innerHeight - box.height - 12));
    this.#box.style.left = `${left}px`;
    this.#box.style.top = `${top}px`;
  }
}

function kind(pod) {
  const parts = [pod.role, pod.group ? `group ${pod.group}` : 'serves alone', pod.model, `${pod.gpus} GPU${pod.gpus === 1 ? '' : 's'}`];
  return parts.join(' · ');
}

function cost(pod) {
  if (pod.transferMillis !== null && pod.transferMillis !== undefined) return millis(pod.transferMillis);
  return pod.group ? 'not known' : 'none: it exchanges no cache';
}

function part(title, text, style = '') {
  return [element('h4', {}, title), element('p', { class: style }, text)];
}

// The steps of a locality path, far to near; a path this page cannot read is shown as it is.
function ladder(pod) {
  const steps = (pod.locality ?? '').split(',').map((step) => /^([^=]+)=([^@]*)@([\d.]+)\/(.+)$/.exec(step));
  if (steps.some((step) => step === null)) {
    return element('p', {}, pod.locality ? `${pod.node} (${pod.locality})` : `${pod.node}; it carries no stamp`);
  }
  return element('table', { class: 'ladder' }, element('tbody', {}, ...steps.map(([, level, value, speed, transport]) =>
    element('tr', {},
      element('th', { scope: 'row' }, level),
      element('td', {}, value),
      element('td', { class: 'number' }, `${speed} GB/s`),
      element('td', {}, transport)))));
}
