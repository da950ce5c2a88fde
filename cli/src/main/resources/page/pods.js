// Every pod as a row: the same facts as on the map, for reading and for the keyboard.

import { element, millis } from './format.js';
import { glyph } from './scale.js';

// open(pod, opener) is called when a person chooses a pod; queues: [{pod, inFlight}].
export function drawPods(body, placements, queues, open) {
  const focus = document.activeElement?.dataset?.row;
  const inFlight = new Map(queues.map((queue) => [queue.pod, queue.inFlight]));
  const longest = Math.max(4, ...inFlight.values());
  const sorted = [...placements].sort((a, b) =>
    Number(!a.group) - Number(!b.group) || (a.group ?? '').localeCompare(b.group ?? '') || b.role.localeCompare(a.role) || a.pod.localeCompare(b.pod));
  body.replaceChildren(...sorted.map((pod) => {
    const choose = element('button', {
      type: 'button',
      class: 'pod-name',
      'data-row': pod.pod,
      'aria-haspopup': 'dialog',
      onclick: () => open(pod, choose),
    }, glyph(pod.role, pod.group), element('span', {}, pod.pod));
    return element('tr', {},
      element('td', {}, choose),
      element('td', {}, pod.group ?? '–'),
      element('td', {}, pod.node),
      element('td', { class: 'number' }, millis(pod.transferMillis)),
      element('td', {}, queue(inFlight.get(pod.pod) ?? 0, longest)),
      element('td', { class: 'reason', title: pod.reason }, pod.reason));
  }));
  if (focus) body.querySelector(`[data-row="${CSS.escape(focus)}"]`)?.focus();
}

function queue(inFlight, longest) {
  const fill = element('i', {});
  fill.style.width = `${(100 * inFlight) / longest}%`;
  return element('span', { class: 'queue' }, element('span', { class: 'track', 'aria-hidden': 'true' }, fill), element('b', {}, String(inFlight)));
}
