/** A stand-in for the kubelet: it runs a bound pod's engine and router in this JVM. */
@NullMarked
package dev.tandem.cli.kubelet;

import org.jspecify.annotations.NullMarked;
