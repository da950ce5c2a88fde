/**
 * What every process shares: the words on objects, the locality path, the cost of moving a KV
 * cache, and the facts about models that the cost needs. Values only: no clients, no I/O.
 */
@NullMarked
package dev.tandem.api;

import org.jspecify.annotations.NullMarked;
