@NullMarked
package dev.tandem.controller;

import org.jspecify.annotations.NullMarked;
