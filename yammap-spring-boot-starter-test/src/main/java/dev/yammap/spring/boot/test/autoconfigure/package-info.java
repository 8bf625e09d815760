/**
 * Support for tests of applications with mapped files.
 */
@NullMarked
package dev.yammap.spring.boot.test.autoconfigure;

import org.jspecify.annotations.NullMarked;
