@NullMarked
package dev.tandem.extender.certificates;

import org.jspecify.annotations.NullMarked;
