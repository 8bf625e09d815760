/**
 * Auto-configuration of mapped files: from properties to beans, and their life.
 */
@NullMarked
package dev.yammap.spring.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
