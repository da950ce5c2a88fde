/** What a local run found, as a table and as JSON. */
@NullMarked
package dev.tandem.cli.report;

import org.jspecify.annotations.NullMarked;
