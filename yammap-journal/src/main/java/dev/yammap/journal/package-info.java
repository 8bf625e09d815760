/**
 * Journals: {@link dev.yammap.journal.Journal} keeps records with sequence numbers in a
 * directory of memory-mapped files, and {@link dev.yammap.journal.JournalReader} reads
 * them back.
 */
@NullMarked
package dev.yammap.journal;

import org.jspecify.annotations.NullMarked;
