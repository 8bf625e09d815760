/**
 * Recovery: what a crash left of a journal, or what somebody damaged, and bringing it
 * into order. Uses {@link dev.yammap.journal.internal.read}.
 */
@NullMarked
package dev.yammap.journal.internal.recovery;

import org.jspecify.annotations.NullMarked;
