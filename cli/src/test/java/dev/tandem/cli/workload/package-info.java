@NullMarked
package dev.tandem.cli.workload;

import org.jspecify.annotations.NullMarked;
