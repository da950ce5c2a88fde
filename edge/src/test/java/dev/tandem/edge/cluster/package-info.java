@NullMarked
package dev.tandem.edge.cluster;

import org.jspecify.annotations.NullMarked;
