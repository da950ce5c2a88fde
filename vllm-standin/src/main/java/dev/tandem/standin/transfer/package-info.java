/** The NIXL pull exchange: leases on the prefill side, timed reads on the decode side. */
@NullMarked
package dev.tandem.standin.transfer;

import org.jspecify.annotations.NullMarked;
