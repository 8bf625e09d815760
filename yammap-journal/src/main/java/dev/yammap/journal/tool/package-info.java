/**
 * The command that lists, checks and exports a journal on the bad day.
 */
@NullMarked
package dev.yammap.journal.tool;

import org.jspecify.annotations.NullMarked;
