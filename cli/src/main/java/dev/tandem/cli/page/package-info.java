/**
 * The page of a local run: what the interconnect looks like, which pod sits where and why, and the
 * requests as they flow. {@link PageFeed} is the data, {@link PageServer} serves it with the static
 * files under {@code /page}.
 */
@NullMarked
package dev.tandem.cli.page;

import org.jspecify.annotations.NullMarked;
