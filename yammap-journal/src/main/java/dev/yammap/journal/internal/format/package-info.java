/**
 * The bytes of a journal, as {@code docs/journal-format.md} defines them: records, slots
 * and headers. Works on arrays in the heap, and knows no file.
 */
@NullMarked
package dev.yammap.journal.internal.format;

import org.jspecify.annotations.NullMarked;
