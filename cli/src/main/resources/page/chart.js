// Time to first token of both runs over the time since each began: a dot a request, a line for the
// median of the last requests. The time axis is logarithmic: a first token takes from
// milliseconds to minutes.

import { millis } from './format.js';

const WINDOW = 40;
const PAD = { left: 48, right: 12, top: 26, bottom: 24 };

export class Chart {
  #canvas;
  #runs = { tandem: [], baseline: [] };
  #asked = false;

  constructor(canvas) {
    this.#canvas = canvas;
    new ResizeObserver(() => this.#soon()).observe(canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#soon());
  }

  // samples: [{atSeconds, millis}], in any order.
  replace(run, samples) {
    this.#runs[run] = samples.toSorted((a, b) => a.atSeconds - b.atSeconds);
    this.#soon();
  }

  add(run, sample) {
    this.#runs[run].push(sample);
    this.#soon();
  }

  #soon() {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      this.#draw();
    });
  }

  #draw() {
    const box = this.#canvas.getBoundingClientRect();
    const ratio = devicePixelRatio || 1;
    this.#canvas.width = Math.round(box.width * ratio);
    this.#canvas.height = Math.round(box.height * ratio);
    const pen = this.#canvas.getContext('2d');
    pen.scale(ratio, ratio);
    const style = getComputedStyle(this.#canvas);
    const colour = (name) => style.getPropertyValue(name).trim();
    pen.font = `11px ${style.fontFamily}`;

    const all = [...this.#runs.tandem, ...this.#runs.baseline];
    const area = { x: PAD.left, y: PAD.top, w: box.width - PAD.left - PAD.right, h: box.height - PAD.top - PAD.bottom };
    if (all.length === 0) {
      pen.fillStyle = colour('--muted');
      pen.fillText('The first token is still to come.', area.x, area.y + area.h / 2);
      return;
    }
    const ends = yEnds(all);
    const longest = Math.max(1, ...all.map((sample) => sample.atSeconds));
    const x = (seconds) => area.x + (seconds / longest) * area.w;
    const y = (value) => area.y + area.h * (1 - Math.log(Math.max(value, ends[0]) / ends[0]) / Math.log(ends[1] / ends[0]));

    axes(pen, area, ends, longest, x, y, colour);
    for (const [run, ink, word] of [['baseline', '--baseline', 'Default'], ['tandem', '--accent', 'Tandem']]) {
      plot(pen, this.#runs[run], x, y, colour(ink));
      key(pen, run, word, colour(ink), area);
    }
  }
}

function yEnds(samples) {
  const values = samples.map((sample) => Math.max(0.1, sample.millis));
  const low = Math.min(...values);
  const high = Math.max(...values);
  return [step(low / 1.1, Math.floor), Math.max(step(high * 1.1, Math.ceil), step(low / 1.1, Math.floor) * 10)];
}

// The next 1, 2 or 5 times a power of ten below or above.
function step(value, round) {
  const power = 10 ** Math.floor(Math.log10(value));
  const steps = [1, 2, 5, 10].map((factor) => factor * power);
  return round === Math.floor ? steps.filter((each) => each <= value).at(-1) : steps.find((each) => each >= value);
}

function axes(pen, area, ends, longest, x, y, colour) {
  pen.strokeStyle = colour('--line');
  pen.fillStyle = colour('--muted');
  pen.lineWidth = 1;
  pen.textAlign = 'right';
  pen.textBaseline = 'middle';
  for (let power = 10 ** Math.floor(Math.log10(ends[0])); power <= ends[1]; power *= 10) {
    for (const factor of ends[1] / ends[0] > 200 ? [1] : [1, 2, 5]) {
      const value = factor * power;
      if (value < ends[0] * 0.999 || value > ends[1] * 1.001) continue;
      const at = Math.round(y(value)) + 0.5;
      pen.beginPath();
      pen.moveTo(area.x, at);
      pen.lineTo(area.x + area.w, at);
      pen.stroke();
      pen.fillText(millis(value), area.x - 7, at);
    }
  }
  pen.textBaseline = 'top';
  const every = step(longest / 5, Math.ceil);
  for (let seconds = 0; seconds <= longest; seconds += every) {
    pen.textAlign = seconds === 0 ? 'left' : 'center';
    const label = `${Number(seconds.toFixed(1))} s`;
    if (x(seconds) + pen.measureText(label).width / 2 <= area.x + area.w + PAD.right) pen.fillText(label, x(seconds), area.y + area.h + 7);
  }
}

function plot(pen, samples, x, y, ink) {
  pen.fillStyle = ink;
  pen.globalAlpha = samples.length > 600 ? 0.22 : 0.38;
  for (const sample of samples) {
    pen.beginPath();
    pen.arc(x(sample.atSeconds), y(sample.millis), 2, 0, 2 * Math.PI);
    pen.fill();
  }
  pen.globalAlpha = 1;
  if (samples.length < 5) return;
  pen.strokeStyle = ink;
  pen.lineWidth = 2;
  pen.lineJoin = 'round';
  pen.beginPath();
  for (let i = 4; i < samples.length; i++) {
    const recent = samples.slice(Math.max(0, i - WINDOW + 1), i + 1).map((sample) => sample.millis).sort((a, b) => a - b);
    pen.lineTo(x(samples[i].atSeconds), y(recent[recent.length >> 1]));
  }
  pen.stroke();
}

function key(pen, run, word, ink, area) {
  const at = run === 'tandem' ? area.x : area.x + 78;
  pen.fillStyle = ink;
  pen.fillRect(at, 9, 14, 3);
  pen.textAlign = 'left';
  pen.textBaseline = 'middle';
  pen.fillText(word, at + 20, 11);
}
