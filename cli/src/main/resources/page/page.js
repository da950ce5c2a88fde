// Reads the four endpoints (docs/page.md) and keeps every part of the page up to date.

import { Arcs } from './arcs.js';
import { Card } from './card.js';
import { Chart } from './chart.js';
import { count, element, millis } from './format.js';
import { InterconnectMap } from './map.js';
import { drawPods } from './pods.js';
import { glyph, groupClass, groupNames, heat, nameGroups, predictedEnds } from './scale.js';
import { drawSummary, Latest } from './summary.js';
import { free } from './tree.js';

const POLL_MILLIS = 1000;
// After this long without a request of the baseline the map goes back to Tandem's pods.
const FOLLOW_MILLIS = 4000;

const at = (id) => document.getElementById(id);
const state = { topology: null, placements: [], requests: null, chosen: null, followed: 'tandem', followedAt: 0 };
const drawn = { topology: '', placements: '', run: '' };

const chart = new Chart(at('chart'));
const latest = new Latest(at('latest'));
const card = new Card(at('card'));
const map = new InterconnectMap(at('map'), openCard);
const arcs = new Arcs(at('arcs'), (pod) => map.token(pod));

function run() {
  if (state.chosen) return state.chosen;
  return performance.now() - state.followedAt < FOLLOW_MILLIS ? state.followed : 'tandem';
}

function shownPods() {
  return state.placements.filter((pod) => pod.run === run());
}

function queues() {
  return state.requests?.[run()]?.queues ?? [];
}

function openCard(pod, opener) {
  card.open(pod, opener, queues().find((queue) => queue.pod === pod.pod)?.inFlight);
}

async function text(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.text();
}

async function poll() {
  try {
    const [placements, requests] = await Promise.all([text('/placements'), text('/requests')]);
    if (drawn.topology === '' || (placements !== drawn.placements && missingNode(JSON.parse(placements)))) {
      drawn.topology = await text('/topology');
      state.topology = JSON.parse(drawn.topology);
      drawn.run = '';
    }
    state.placements = JSON.parse(placements);
    state.requests = JSON.parse(requests);
    drawRequests();
    if (placements !== drawn.placements || drawn.run !== run()) {
      drawn.placements = placements;
      drawMap();
    }
    drawPods(at('pod-table').tBodies[0], shownPods(), queues(), openCard);
  } catch {
    linked('waiting');
  }
  setTimeout(poll, POLL_MILLIS);
}

function missingNode(placements) {
  const known = new Set(state.topology.nodes.map((node) => node.name));
  return placements.some((pod) => !known.has(pod.node));
}

function drawMap() {
  drawn.run = run();
  document.querySelector(`input[name=run][value=${run()}]`).checked = true;
  nameGroups(state.placements.map((pod) => pod.group).filter(Boolean));
  arcs.clear();
  const whole = map.draw(state.topology, shownPods());
  at('facts').textContent = `${count(whole.size)} nodes, ${count(whole.total)} GPUs: `
    + `${count(whole.held)} with these pods, ${count(whole.others)} with other work, ${count(free(whole))} free`;
  drawLegend();
  document.body.dataset.ready = 'true';
}

function drawRequests() {
  at('status').textContent = state.requests.status;
  at('note').textContent = state.requests.note;
  drawSummary(at('summary').tBodies[0], at('verdict'), state.requests);
  for (const each of ['tandem', 'baseline']) chart.replace(each, state.requests[each]?.samples ?? []);
}

function drawLegend() {
  const roles = [...new Set(state.placements.map((pod) => pod.role))];
  const [low, high] = predictedEnds();
  const scale = element('span', { class: 'scale', 'aria-hidden': 'true' }, ...Array.from({ length: 12 }, (_, i) => {
    const part = element('i', {});
    part.style.background = heat(i / 11);
    return part;
  }));
  at('legend').replaceChildren(
    ...groupNames().map((name) => element('span', {}, element('i', { class: `swatch ${groupClass(name)}` }), name)),
    ...(state.placements.some((pod) => !pod.group) ? [element('span', {}, element('i', { class: 'swatch group-none' }), 'serves alone')] : []),
    ...roles.map((role) => element('span', {}, glyph(role, undefined), role)),
    element('span', {}, element('i', { class: 'swatch taken' }), 'other work'),
    element('span', { class: 'wide' }, 'predicted transfer ', millis(low * 1000), scale, millis(high * 1000)),
  );
}

function linked(now) {
  at('link').dataset.state = now;
  at('link').textContent = now === 'live' ? 'live' : 'reconnecting';
}

function listen() {
  const events = new EventSource('/events');
  const on = (name, take) => events.addEventListener(name, (event) => take(JSON.parse(event.data)));
  events.onopen = () => linked('live');
  events.onerror = () => linked('waiting');
  on('routed', (event) => {
    state.followed = event.run;
    state.followedAt = performance.now();
    const ends = predictedEnds().join();
    latest.routed(event, (name) => state.placements.find((pod) => pod.run === event.run && pod.pod === name));
    if (event.run === run()) arcs.show(event);
    if (ends !== predictedEnds().join()) drawLegend();
  });
  on('first-token', (event) => {
    latest.firstToken(event);
    chart.add(event.run, { atSeconds: event.atSeconds, millis: event.seconds * 1000 });
  });
  on('finished', (event) => latest.finished(event));
}

for (const input of document.querySelectorAll('input[name=run]')) {
  input.addEventListener('change', () => {
    state.chosen = input.value;
    card.close(false);
    if (state.topology) drawMap();
  });
}
at('map').addEventListener('folded', () => arcs.clear());
addEventListener('resize', () => arcs.clear());
listen();
poll();
