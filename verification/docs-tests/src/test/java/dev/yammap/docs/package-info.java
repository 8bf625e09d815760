/**
 * Tests of the documentation: every example in it is compiled, bound, parsed or run, and
 * every link leads somewhere.
 */
@NullMarked
package dev.yammap.docs;

import org.jspecify.annotations.NullMarked;
