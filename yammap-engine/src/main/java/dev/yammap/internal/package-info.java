/**
 * The engine behind {@link dev.yammap.Mmap}: the object that callers get, how a file is
 * opened, and which backend it gets. It puts the packages below together, and none of
 * them knows it.
 */
@NullMarked
package dev.yammap.internal;

import org.jspecify.annotations.NullMarked;
