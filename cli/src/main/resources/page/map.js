// The interconnect as nested blocks: every node with its GPU slots, every pod in its slots.

import { count, element } from './format.js';
import { glyph, groupClass } from './scale.js';
import { folded, foldDepth, free, tree } from './tree.js';

export class InterconnectMap {
  #root;
  #open;
  #chosen = new Map();
  #tokens = new Map();
  #last = null;

  // open(pod, token) is called when a person chooses a pod.
  constructor(root, open) {
    this.#root = root;
    this.#open = open;
    root.addEventListener('keydown', (event) => this.#walk(event));
    for (const kind of ['pointerover', 'focusin']) {
      root.addEventListener(kind, (event) => this.#point(event.target.closest('[data-pod]')?.dataset.group));
    }
    root.addEventListener('pointerleave', () => this.#point());
    root.addEventListener('focusout', () => this.#point());
  }

  draw(topology, placements) {
    this.#last = { topology, placements };
    const whole = tree(topology, placements);
    const depth = foldDepth(whole, innerWidth);
    const focus = document.activeElement?.dataset?.key;
    this.#tokens = new Map();
    this.#root.replaceChildren(...this.#children(whole, depth));
    if (focus) this.#root.querySelector(`[data-key="${CSS.escape(focus)}"]`)?.focus();
    return whole;
  }

  // The element that stands for the pod, or undefined when it is not placed.
  token(pod) {
    return this.#tokens.get(pod);
  }

  #children(at, depth) {
    const blocks = at.blocks.map((inner) =>
      folded(inner, at, depth, this.#chosen) ? this.#tile(inner) : this.#block(inner, depth));
    if (at.nodes.length > 0) blocks.push(this.#nodes(at.nodes));
    return blocks;
  }

  #block(at, depth) {
    const leaf = at.blocks.length === 0;
    const style = leaf ? 'domain' : at.blocks.every((inner) => inner.blocks.length === 0) ? 'last' : '';
    return element('section', { class: `block ${style}`, 'aria-label': at.label },
      this.#title(at, false),
      leaf ? this.#nodes(at.nodes) : this.#blocks(at, depth));
  }

  #blocks(at, depth) {
    const children = this.#children(at, depth);
    const tiles = children.some((child) => child.classList.contains('tile'));
    return element('div', { class: tiles ? 'tiles' : 'blocks' }, ...children);
  }

  #tile(at) {
    return element('section', { class: 'block tile', 'aria-label': at.label },
      this.#title(at, true),
      bar(at),
      at.pods.length > 0 ? element('div', { class: 'chips' }, ...at.pods.map((pod) => this.#token(pod))) : null);
  }

  #title(at, isFolded) {
    const key = `block:${at.key}`;
    return element('button', {
      type: 'button',
      class: 'title',
      'data-key': key,
      'aria-expanded': String(!isFolded),
      title: isFolded ? 'Unfold' : 'Fold',
      onclick: () => {
        this.#chosen.set(at.key, !isFolded);
        this.draw(this.#last.topology, this.#last.placements);
        this.#root.dispatchEvent(new CustomEvent('folded'));
      },
    },
    element('span', { class: 'name' }, at.label),
    element('span', { class: 'free' }, `${count(free(at))} free`, element('span', { class: 'of' }, ` of ${count(at.total)}`)));
  }

  #nodes(nodes) {
    const box = element('div', { class: 'nodes' }, ...nodes.map((node) => this.#node(node)));
    box.style.setProperty('--columns', Math.min(6, Math.ceil(Math.sqrt(nodes.length))));
    return box;
  }

  #node(node) {
    const columns = node.gpus > 4 ? Math.ceil(node.gpus / 2) : Math.max(1, node.gpus);
    const held = node.pods.reduce((sum, pod) => sum + Math.max(1, pod.gpus), 0);
    const slots = element('div', { class: 'slots' });
    slots.style.setProperty('--columns', columns);
    for (let i = 0; i < node.usedByOthers; i++) slots.append(element('i', { class: 'taken' }));
    for (const pod of node.pods) slots.append(...this.#held(pod, columns));
    for (let i = node.usedByOthers + held; i < node.gpus; i++) slots.append(element('i'));
    const left = Math.max(0, node.gpus - node.usedByOthers - held);
    return element('div', { class: 'node', role: 'group', 'aria-label': `node ${node.name}, ${left} of ${node.gpus} GPUs free` },
      element('span', { class: 'node-name', title: node.name }, node.name), slots);
  }

  // A pod's token over whole rows or part of one; what is left over keeps its colour without a glyph.
  #held(pod, columns) {
    const gpus = Math.max(1, pod.gpus);
    const wide = Math.min(gpus, columns);
    const rows = Math.max(1, Math.floor(gpus / columns));
    const token = this.#token(pod);
    token.style.gridColumn = `span ${wide}`;
    token.style.gridRow = `span ${rows}`;
    token.style.setProperty('--span', wide);
    const rest = gpus > columns ? gpus % columns : 0;
    return [token, ...Array.from({ length: rest }, () => element('i', { class: `more ${groupClass(pod.group)}` }))];
  }

  #token(pod) {
    const token = element('button', {
      type: 'button',
      class: `token ${groupClass(pod.group)}`,
      'data-key': `pod:${pod.pod}`,
      'data-pod': pod.pod,
      'data-role': pod.role,
      'data-group': pod.group ?? '',
      'aria-haspopup': 'dialog',
      'aria-label': `${pod.pod}, ${pod.role}${pod.group ? ` of group ${pod.group}` : ''}, ${pod.gpus} GPUs on ${pod.node}`,
      title: pod.pod,
      onclick: () => this.#open(pod, token),
    }, glyph(pod.role, pod.group));
    this.#tokens.set(pod.pod, token);
    return token;
  }

  // Arrow keys go from pod to pod.
  #walk(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || !event.target.matches('[data-pod]')) return;
    event.preventDefault();
    const all = [...this.#root.querySelectorAll('[data-pod]')];
    all[(all.indexOf(event.target) + step + all.length) % all.length].focus();
  }

  // Pods of other groups step back while one of this group is pointed at.
  #point(group) {
    for (const token of this.#tokens.values()) {
      token.classList.toggle('aside', Boolean(group) && token.dataset.group !== group);
    }
  }
}

function bar(at) {
  const whole = Math.max(1, at.total);
  const others = element('i', { class: 'taken' });
  const held = element('i', { class: 'held' });
  others.style.width = `${(100 * at.others) / whole}%`;
  held.style.width = `${(100 * at.held) / whole}%`;
  return element('div', { class: 'bar', 'aria-hidden': 'true' }, others, held);
}
