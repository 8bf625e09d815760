@NullMarked
package dev.yammap.spring.boot.registry;

import org.jspecify.annotations.NullMarked;
