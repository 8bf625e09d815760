@NullMarked
package dev.yammap.spring.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
