@NullMarked
package dev.tandem.controller.reconcile;

import org.jspecify.annotations.NullMarked;
