/**
 * Benchmarks, each against its peers in one run. Results are in {@code docs}. JMH fills
 * in the fields of a benchmark, which no null check can see.
 */
@NullUnmarked
package dev.yammap.benchmarks;

import org.jspecify.annotations.NullUnmarked;
