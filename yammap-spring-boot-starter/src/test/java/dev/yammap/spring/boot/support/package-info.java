@NullMarked
package dev.yammap.spring.boot.support;

import org.jspecify.annotations.NullMarked;
