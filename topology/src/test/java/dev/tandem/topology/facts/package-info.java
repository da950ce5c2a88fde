@NullMarked
package dev.tandem.topology.facts;

import org.jspecify.annotations.NullMarked;
