/**
 * What was visited: the journal of visits and the counters by country.
 */
@NullMarked
package dev.yammap.sample.visits;

import org.jspecify.annotations.NullMarked;
