@NullMarked
package dev.tandem.topology.imports;

import org.jspecify.annotations.NullMarked;
