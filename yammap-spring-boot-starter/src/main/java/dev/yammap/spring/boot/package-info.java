/**
 * What an application sees of the starter: the registry of its mapped files, the
 * qualifier that injects one of them, and the customizer that prepares one.
 */
@NullMarked
package dev.yammap.spring.boot;

import org.jspecify.annotations.NullMarked;
