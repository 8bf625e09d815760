/**
 * Auto-configuration of mapped files: from properties to beans, and what is said when
 * that fails.
 * <p>
 * Not for applications, except the properties.
 */
@NullMarked
package dev.yammap.spring.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
