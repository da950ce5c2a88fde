// Both runs in figures, and the one sentence they come to.

import { bytes, count, element, millis, percent } from './format.js';
import { glyph, predicted } from './scale.js';

const ROWS = [
  ['Mean', (run) => millis(run.ttftMillis?.mean)],
  ['Median', (run) => millis(run.ttftMillis?.p50)],
  ['99th percentile', (run) => millis(run.ttftMillis?.p99)],
  ['Prompt from cache', (run) => (run.count > 0 ? percent(run.hitRatio) : '–')],
  ['Served by a pair', (run) => count(run.split)],
  ['In flight', (run) => count(run.inFlight)],
  ['Errors', (run) => count(run.errors)],
  ['Requests', (run) => `${count(run.count)} of ${count(run.total)}`],
];

export function drawSummary(body, verdict, requests) {
  body.replaceChildren(...ROWS.map(([title, value]) =>
    element('tr', { 'data-row': title },
      element('th', { scope: 'row' }, title),
      ...['tandem', 'baseline'].map((run) => {
        const text = requests[run] ? value(requests[run]) : '–';
        const wrong = title === 'Errors' && requests[run]?.errors > 0;
        return element('td', { class: `${run} ${wrong ? 'wrong' : ''}` }, text);
      }))));
  verdict.replaceChildren(...sentence(requests));
}

function sentence(requests) {
  const ours = requests.tandem?.ttftMillis?.mean;
  const theirs = requests.baseline?.ttftMillis?.mean;
  if (!ours) return [element('span', { class: 'quiet' }, 'The first answers are on their way.')];
  if (!theirs) return [element('strong', {}, millis(ours)), ' on average so far'];
  const change = 1 - ours / theirs;
  const word = change >= 0 ? 'sooner' : 'later';
  return [element('strong', {}, `${Math.round(Math.abs(change) * 100)} % ${word}`), ' on average than with default placement and round robin'];
}

const KEPT = 7;

// The newest requests, each with who serves it, what moves and when its first token came.
export class Latest {
  #list;
  #rows = new Map();

  constructor(list) {
    this.#list = list;
  }

  routed(event, podOf) {
    const pods = [event.prefillPod, event.decodePod].filter(Boolean);
    const who = pods.flatMap((name, i) => {
      const pod = podOf(name);
      return [i > 0 ? '→' : '', pod ? glyph(pod.role, pod.group) : '', element('span', { class: 'name', title: name }, short(name))];
    });
    const moved = element('span', { class: 'moved' }, event.prefillPod ? `${bytes(event.bytes)}, ${millis(event.predictedSeconds * 1000)}` : 'alone');
    if (event.prefillPod) moved.style.setProperty('--heat', predicted(event.predictedSeconds));
    const first = element('span', { class: 'first' }, '…');
    const row = element('li', { 'data-run': event.run }, element('span', { class: 'who' }, ...who), moved, first);
    this.#rows.set(key(event), { row, first });
    this.#list.prepend(row);
    while (this.#list.childElementCount > KEPT) this.#list.lastElementChild.remove();
    for (const [id, kept] of this.#rows) if (!kept.row.isConnected) this.#rows.delete(id);
  }

  firstToken(event) {
    const kept = this.#rows.get(key(event));
    if (kept) kept.first.textContent = millis(event.seconds * 1000);
  }

  finished(event) {
    const kept = this.#rows.get(key(event));
    if (kept && event.outcome !== 'ok') {
      kept.first.textContent = event.outcome;
      kept.first.classList.add('wrong');
    }
  }
}

// The end of a name tells pods apart; colour and shape beside it have told the rest.
function short(name) {
  const parts = name.split('-');
  let end = parts.pop();
  while (parts.length > 0 && end.length + parts.at(-1).length < 10) end = `${parts.pop()}-${end}`;
  return end;
}

function key(event) {
  return `${event.run}/${event.id}`;
}
