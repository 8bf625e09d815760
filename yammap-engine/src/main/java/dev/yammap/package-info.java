/**
 * The public types of the engine: {@link dev.yammap.Mmap}, a memory-mapped file, and what
 * it takes and tells.
 */
@NullMarked
package dev.yammap;

import org.jspecify.annotations.NullMarked;
