/**
 * Other tools' descriptions of a cluster, read into node facts: topograph models, Slurm's
 * topology.conf, {@code ibnetdiscover} and {@code nvidia-smi topo -m}.
 */
@NullMarked
package dev.tandem.topology.imports;

import org.jspecify.annotations.NullMarked;
