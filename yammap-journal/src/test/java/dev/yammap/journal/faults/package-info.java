/**
 * Tests of journals that mount file systems and break them, or kill processes: profile
 * {@code faults}.
 */
@NullMarked
package dev.yammap.journal.faults;

import org.jspecify.annotations.NullMarked;
