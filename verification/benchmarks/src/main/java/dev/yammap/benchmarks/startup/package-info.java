/**
 * What the starter adds to the start of an application: two applications, each in virtual
 * machines of its own, one with the starter and one without.
 */
@NullMarked
package dev.yammap.benchmarks.startup;

import org.jspecify.annotations.NullMarked;
