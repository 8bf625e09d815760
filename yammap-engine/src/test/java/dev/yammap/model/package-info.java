/**
 * Random sequences of every public call, on a mapped file and on an ordinary one beside
 * it, which must do the same.
 */
@NullMarked
package dev.yammap.model;

import org.jspecify.annotations.NullMarked;
