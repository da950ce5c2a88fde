/** The two HTTP ports, and the legs to engines behind them. */
@NullMarked
package dev.tandem.router.proxy;

import org.jspecify.annotations.NullMarked;
