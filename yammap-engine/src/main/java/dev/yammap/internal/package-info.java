/**
 * The engine behind {@link dev.yammap.Mmap}: what callers are given, how a file is
 * opened, and which backend it gets. Puts the parts below together; none of them knows
 * it.
 */
@NullMarked
package dev.yammap.internal;

import org.jspecify.annotations.NullMarked;
