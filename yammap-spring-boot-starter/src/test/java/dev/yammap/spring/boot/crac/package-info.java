/**
 * A virtual machine that can be saved and restored, as far as applications notice: the
 * classes that {@code org.crac} looks for in one, found by the system property
 * {@code org.crac.Core.Compat}. Nothing is saved; what would be is looked at by the test.
 */
@NullMarked
package dev.yammap.spring.boot.crac;

import org.jspecify.annotations.NullMarked;
