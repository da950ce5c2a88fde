/** Requests: from a trace or a seeded generator, sent as real HTTP. */
@NullMarked
package dev.tandem.cli.workload;

import org.jspecify.annotations.NullMarked;
