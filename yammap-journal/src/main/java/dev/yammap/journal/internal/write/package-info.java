/**
 * Writing: claiming a place, publishing what is written, syncs, the next segment, and
 * what removes the first. Uses {@link dev.yammap.journal.internal.file}.
 */
@NullMarked
package dev.yammap.journal.internal.write;

import org.jspecify.annotations.NullMarked;
