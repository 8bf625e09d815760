/**
 * Journals against Chronicle Queue, a {@code FileChannel} with framing and checksums, and
 * the engine's append. JMH fills in the fields of a benchmark, which no null check can
 * see.
 */
@NullUnmarked
package dev.yammap.benchmarks.journal;

import org.jspecify.annotations.NullUnmarked;
