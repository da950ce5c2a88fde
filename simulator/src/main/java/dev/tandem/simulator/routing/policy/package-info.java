/** Who routes: policies of other routers, written anew from their rules, and the product's own. */
@NullMarked
package dev.tandem.simulator.routing.policy;

import org.jspecify.annotations.NullMarked;
