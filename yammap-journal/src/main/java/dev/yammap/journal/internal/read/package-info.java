/**
 * Reading: cursors, and what they need to know of a journal that is written to, here or
 * by another process. Uses {@link dev.yammap.journal.internal.file}.
 */
@NullMarked
package dev.yammap.journal.internal.read;

import org.jspecify.annotations.NullMarked;
