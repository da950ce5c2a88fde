/** From a pod and its node's place to the stamp it should carry. Pure. */
@NullMarked
package dev.tandem.controller.desired;

import org.jspecify.annotations.NullMarked;
