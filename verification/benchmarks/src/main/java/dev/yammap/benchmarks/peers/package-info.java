/**
 * The engine beside other ways to read and write a mapped file, each used as its own
 * documentation says, and the journal beside Chronicle Queue. {@code PeersComparison}
 * runs them all in one run, and writes the results and a plot below {@code docs/figures}.
 * JMH fills in the fields of a benchmark, which no null check can see.
 */
@NullUnmarked
package dev.yammap.benchmarks.peers;

import org.jspecify.annotations.NullUnmarked;
