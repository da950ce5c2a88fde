/** From body bytes to what the router must know of a request, and the bodies of the two legs. */
@NullMarked
package dev.tandem.router.request;

import org.jspecify.annotations.NullMarked;
