// Requests over the map: an arc from the prefill pod to the decode pod, as wide as its bytes and in the
// colour of its predicted time; a ring where one pod serves alone.

import { svg } from './format.js';
import { predicted, width } from './scale.js';

// More at once are not told apart; the oldest go first.
const AT_ONCE = 60;
const DRAWN_MILLIS = 500;
const SEEN_MILLIS = 1800;

export class Arcs {
  #layer;
  #token;
  #still = matchMedia('(prefers-reduced-motion: reduce)');

  // token(pod) gives the element on the map that stands for a pod.
  constructor(layer, token) {
    this.#layer = layer;
    this.#token = token;
  }

  show(routed) {
    const decode = this.#token(routed.decodePod);
    if (!decode || document.hidden) return;
    const prefill = routed.prefillPod ? this.#token(routed.prefillPod) : null;
    while (this.#layer.childElementCount >= AT_ONCE) this.#layer.firstElementChild.remove();
    const shape = prefill ? this.#arc(this.#centre(prefill), this.#centre(decode), routed) : this.#ring(this.#centre(decode));
    this.#layer.append(shape);
    this.#play(shape, Boolean(prefill));
  }

  clear() {
    this.#layer.replaceChildren();
  }

  #centre(element) {
    const box = element.getBoundingClientRect();
    const origin = this.#layer.getBoundingClientRect();
    return { x: box.left - origin.left + box.width / 2, y: box.top - origin.top + box.height / 2 };
  }

  // A curve that bows to one side, upwards or to the right, the more the longer it is; a random part
  // spreads the arcs between the same two pods. It stops short of the letters at its ends.
  #arc(from, to, routed) {
    const length = Math.max(1, Math.hypot(to.x - from.x, to.y - from.y));
    const normal = { x: (to.y - from.y) / length, y: (from.x - to.x) / length };
    const side = Math.abs(normal.x) > 0.8 ? Math.sign(normal.x) : -Math.sign(normal.y || 1);
    const bow = side * Math.min(150, 10 + length * 0.4) * (0.8 + 0.4 * Math.random());
    const top = { x: (from.x + to.x) / 2 + normal.x * bow, y: Math.max(4, (from.y + to.y) / 2 + normal.y * bow) };
    const start = towards(from, top);
    const end = towards(to, top);
    return svg('path', {
      d: `M${start.x} ${start.y} Q${top.x} ${top.y} ${end.x} ${end.y}`,
      class: 'arc',
      pathLength: 1,
      stroke: predicted(routed.predictedSeconds),
      'stroke-width': width(routed.bytes),
    });
  }

  #ring(at) {
    return svg('circle', { cx: at.x, cy: at.y, r: 15, class: 'ring' });
  }

  #play(shape, isArc) {
    if (this.#still.matches) {
      setTimeout(() => shape.remove(), SEEN_MILLIS);
      return;
    }
    if (isArc) {
      shape.setAttribute('stroke-dasharray', '1 1');
      shape.animate([{ strokeDashoffset: 1 }, { strokeDashoffset: 0 }], { duration: DRAWN_MILLIS, easing: 'ease-out' });
    }
    shape.animate([{ opacity: 0.9 }, { opacity: 0.9, offset: 0.5 }, { opacity: 0 }], { duration: SEEN_MILLIS })
      .finished.then(() => shape.remove(), () => shape.remove());
  }
}

function towards(point, aim) {
  const length = Math.max(1, Math.hypot(aim.x - point.x, aim.y - point.y));
  const by = Math.min(10, length / 2);
  return { x: point.x + ((aim.x - point.x) * by) / length, y: point.y + ((aim.y - point.y) * by) / length };
}
