/**
 * Auto-configuration of the meters of mapped files.
 */
@NullMarked
package dev.yammap.spring.boot.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
