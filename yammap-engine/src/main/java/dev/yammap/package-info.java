/**
 * The public types of the engine: {@link dev.yammap.Mmap}, which is a memory-mapped file,
 * and the types of its arguments and results.
 */
@NullMarked
package dev.yammap;

import org.jspecify.annotations.NullMarked;
