@NullMarked
package dev.tandem.extender.decide;

import org.jspecify.annotations.NullMarked;
