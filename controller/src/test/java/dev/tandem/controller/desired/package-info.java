@NullMarked
package dev.tandem.controller.desired;

import org.jspecify.annotations.NullMarked;
