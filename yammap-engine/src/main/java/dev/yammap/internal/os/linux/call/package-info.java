/**
 * Calls of the C library, and the memory outside of the heap that they take. Nothing else
 * of the engine sees a method handle. May use {@code os}.
 */
@NullMarked
package dev.yammap.internal.os.linux.call;

import org.jspecify.annotations.NullMarked;
