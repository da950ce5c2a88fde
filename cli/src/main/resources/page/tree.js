// The flat answer of /topology as nested blocks with totals, and which of them are folded.

// A block: {key, label, depth, blocks, nodes, total, others, held, pods}; held counts the GPUs of pods on the page.
export function tree(topology, placements) {
  const levels = topology.levels.map((level) => level.name);
  const podsOf = Map.groupBy(placements, (pod) => pod.node);
  const root = block('', '', 0);
  for (const node of topology.nodes) {
    let at = root;
    for (const level of levels) {
      const value = node.path[level];
      if (value === undefined) continue;
      at = child(at, level, value);
    }
    at.nodes.push({ ...node, pods: podsOf.get(node.name) ?? [] });
  }
  total(root);
  return merged(root);
}

function block(key, label, depth) {
  return { key, label, depth, blocks: [], nodes: [], index: new Map(), total: 0, others: 0, held: 0, pods: [], size: 0 };
}

function child(parent, level, value) {
  const key = `${parent.key}/${level}=${value}`;
  let found = parent.index.get(key);
  if (!found) {
    found = block(key, `${level === 'nvlink' ? 'NVLink' : level} ${value}`, parent.depth + 1);
    parent.index.set(key, found);
    parent.blocks.push(found);
  }
  return found;
}

function total(at) {
  at.nodes.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  for (const node of at.nodes) {
    at.total += node.gpus;
    at.others += node.usedByOthers;
    at.held += node.pods.reduce((sum, pod) => sum + pod.gpus, 0);
    at.pods.push(...node.pods);
    at.size++;
  }
  for (const inner of at.blocks) {
    total(inner);
    for (const field of ['total', 'others', 'held', 'size']) at[field] += inner[field];
    at.pods.push(...inner.pods);
  }
}

// A block that holds nothing but one other block says nothing of its own: both share one frame.
function merged(at) {
  at.blocks = at.blocks.map(merged);
  if (at.blocks.length === 1 && at.nodes.length === 0 && at.depth > 0) {
    const only = at.blocks[0];
    return { ...only, label: `${at.label} › ${only.label}`, depth: at.depth };
  }
  return at;
}

export function free(at) {
  return Math.max(0, at.total - at.others - at.held);
}

// More nodes than this are not read one by one, on a wide screen and on a narrow one.
const OPEN_NODES = 160;
const OPEN_NODES_NARROW = 16;
const NARROW = 700;
// More tiles than this do not fit a screen.
const TILES = 200;
// A block opened by hand shows its inner blocks folded when it holds more nodes than this.
const INNER_NODES = 48;

// Which depth is folded at first: the deepest whose blocks fit a screen. Infinity: none.
export function foldDepth(root, screenWidth) {
  if (root.size <= (screenWidth < NARROW ? OPEN_NODES_NARROW : OPEN_NODES)) return Infinity;
  const widths = [];
  const visit = (at) => {
    widths[at.depth] = (widths[at.depth] ?? 0) + 1;
    at.blocks.forEach(visit);
  };
  root.blocks.forEach(visit);
  for (let depth = widths.length - 1; depth > 0; depth--) {
    if (widths[depth] > 0 && widths[depth] <= TILES) return depth;
  }
  return 1;
}

// The user's own choice (by key) wins.
export function folded(at, parent, depth, chosen) {
  const choice = chosen.get(at.key);
  if (choice !== undefined) return choice;
  if (at.depth === depth) return true;
  return at.depth > depth && parent.size > INNER_NODES;
}
