/**
 * The engine behind {@link dev.yammap.Mmap}: opening, the life and state of a file, its
 * cursor, single values, and the fault barrier. Knows the operating system only through
 * {@link dev.yammap.internal.backend}.
 */
@NullMarked
package dev.yammap.internal;

import org.jspecify.annotations.NullMarked;
