/**
 * The engine behind {@link dev.yammap.Mmap}: what callers are given, how a file is
 * opened, and which backend it gets. Each other concern has a package of its own below.
 */
@NullMarked
package dev.yammap.internal;

import org.jspecify.annotations.NullMarked;
