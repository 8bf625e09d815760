/**
 * The files of a journal: its directory, the control file, the segments, and the
 * positions of named readers. Uses {@link dev.yammap.journal.internal.format}.
 */
@NullMarked
package dev.yammap.journal.internal.file;

import org.jspecify.annotations.NullMarked;
