/**
 * An {@link dev.yammap.Mmap} whose file is exchanged behind it: replaced by a newer one,
 * or closed before a checkpoint and opened again.
 * <p>
 * Uses the engine alone. Not for applications: it may change with every release.
 */
@NullMarked
package dev.yammap.spring.boot.swap;

import org.jspecify.annotations.NullMarked;
