// What colours and shapes mean, everywhere on the page: a group has a colour, a role a shape and a
// letter, a predicted time a colour between fast and slow, an amount of bytes a width.

import { svg } from './format.js';

const GROUP_COLOURS = 8;
const groups = [];

// Groups get colours in the order of their names, so that they keep them from one answer to the next.
export function nameGroups(names) {
  groups.length = 0;
  groups.push(...[...new Set(names)].sort());
}

export function groupClass(name) {
  return name === null || name === undefined ? 'group-none' : `group-${groups.indexOf(name) % GROUP_COLOURS}`;
}

export function groupNames() {
  return groups;
}

const ROLES = {
  prefill: { letter: 'P', points: '1,2 11,2 17,9 11,16 1,16' },
  decode: { letter: 'D', circle: true },
  both: { letter: 'B', points: '2,2 16,2 16,16 2,16' },
  draft: { letter: 'd', points: '9,0.5 17.5,16.5 0.5,16.5' },
  target: { letter: 'T', points: '9,0 18,9 9,18 0,9' },
};

// The role as a small picture; decoration beside a name that says the same.
export function glyph(role, group) {
  const { letter, points, circle } = ROLES[role];
  const shape = circle ? svg('circle', { cx: 9, cy: 9, r: 8 }) : svg('polygon', { points });
  const x = role === 'prefill' ? 7.6 : 9;
  const y = role === 'draft' ? 15 : 12.6;
  return svg(
    'svg',
    { viewBox: '0 0 18 18', class: `glyph ${groupClass(group)}`, 'aria-hidden': 'true' },
    shape,
    svg('text', { x, y, 'text-anchor': 'middle' }, letter),
  );
}

const STOPS = [
  [17, 160, 138],
  [203, 158, 22],
  [222, 107, 31],
  [194, 47, 69],
];

export const FAST = rgb(STOPS[0]);

// 0 is fast, 1 slow.
export function heat(fraction) {
  const at = Math.min(Math.max(fraction, 0), 1) * (STOPS.length - 1);
  const low = Math.min(Math.floor(at), STOPS.length - 2);
  return rgb(STOPS[low].map((channel, i) => channel + (STOPS[low + 1][i] - channel) * (at - low)));
}

function rgb(channels) {
  return `rgb(${channels.map(Math.round).join(' ')})`;
}

// Transfers differ by orders of magnitude between levels, hence a logarithmic scale. Its ends widen
// with what is seen and never shrink: a colour keeps its meaning.
const seen = { low: Infinity, high: 0 };

export function predicted(seconds) {
  if (!(seconds > 0)) return FAST;
  seen.low = Math.min(seen.low, seconds);
  seen.high = Math.max(seen.high, seconds);
  const [low, high] = predictedEnds();
  return heat(Math.log(seconds / low) / Math.log(high / low));
}

// The ends in seconds, rounded outwards to a power of ten.
export function predictedEnds() {
  if (seen.high === 0) return [0.001, 1];
  const low = 10 ** Math.floor(Math.log10(seen.low));
  const high = 10 ** Math.ceil(Math.log10(seen.high));
  return high > low ? [low, high] : [low, low * 10];
}

// Area would exaggerate: the square root of the bytes, 1.5 px at nothing, 7 px from 8 GB on.
export function width(byteCount) {
  return 1.5 + 5.5 * Math.min(1, Math.sqrt(byteCount / 8e9));
}
