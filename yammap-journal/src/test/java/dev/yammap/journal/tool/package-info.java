/**
 * Tests of the command.
 */
@NullMarked
package dev.yammap.journal.tool;

import org.jspecify.annotations.NullMarked;
