/** When things happen: one prefill server, decode slots, and the clock they run on. */
@NullMarked
package dev.tandem.standin.schedule;

import org.jspecify.annotations.NullMarked;
