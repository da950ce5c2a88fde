/**
 * The promises of the product, kept on a real control plane; and the directions between its
 * modules.
 */
@NullMarked
package dev.tandem.e2e;

import org.jspecify.annotations.NullMarked;
