/**
 * The Actuator endpoint of mapped files and journals.
 * <p>
 * Uses {@code registry}, {@code tracking} and {@code settings}. Not for applications: it
 * may change with every release.
 */
@NullMarked
package dev.yammap.spring.boot.actuate.endpoint;

import org.jspecify.annotations.NullMarked;
