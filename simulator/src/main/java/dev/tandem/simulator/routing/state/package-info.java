/** What a router knows of the engines: their load and what their caches are believed to hold. */
@NullMarked
package dev.tandem.simulator.routing.state;

import org.jspecify.annotations.NullMarked;
