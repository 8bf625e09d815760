@NullMarked
package dev.yammap.spring.boot.path;

import org.jspecify.annotations.NullMarked;
