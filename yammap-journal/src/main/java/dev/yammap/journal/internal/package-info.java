/**
 * The journals behind {@link dev.yammap.journal.Journal}: opened for writing, or for
 * reading what another process writes. Puts together what is in the packages below, each
 * of which knows those it names and no other: {@code format}, {@code file}, {@code read},
 * {@code recovery}, {@code write}.
 */
@NullMarked
package dev.yammap.journal.internal;

import org.jspecify.annotations.NullMarked;
