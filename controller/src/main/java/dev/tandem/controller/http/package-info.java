/** Edge: health and metrics. */
@NullMarked
package dev.tandem.controller.http;

import org.jspecify.annotations.NullMarked;
