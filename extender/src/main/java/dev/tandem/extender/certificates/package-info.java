/** What the extender shows TLS clients and asks of them, from files that may be replaced. */
@NullMarked
package dev.tandem.extender.certificates;

import org.jspecify.annotations.NullMarked;
