/** Text to tokens and back, and the text the stand-in answers with. */
@NullMarked
package dev.tandem.standin.tokens;

import org.jspecify.annotations.NullMarked;
