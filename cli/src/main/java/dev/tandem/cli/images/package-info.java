/**
 * {@code tandem images}: each process as a container image in a tar, built without a daemon and
 * without a base image. A jlinked runtime, the few C library files it needs, and the jars of that
 * process alone.
 */
@NullMarked
package dev.tandem.cli.images;

import org.jspecify.annotations.NullMarked;
