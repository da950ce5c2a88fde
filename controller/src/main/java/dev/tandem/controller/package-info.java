/**
 * The controller process: what has to be true of objects that are already there. Admission runs
 * before an object exists and fails open; what slipped past it is put right here.
 */
@NullMarked
package dev.tandem.controller;

import org.jspecify.annotations.NullMarked;
