@NullMarked
package dev.tandem.extender.http;

import org.jspecify.annotations.NullMarked;
