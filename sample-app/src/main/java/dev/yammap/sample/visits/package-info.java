/**
 * The visits: their journal, and the counters by country.
 */
@NullMarked
package dev.yammap.sample.visits;

import org.jspecify.annotations.NullMarked;
