@NullMarked
package dev.tandem.cli.kubelet;

import org.jspecify.annotations.NullMarked;
