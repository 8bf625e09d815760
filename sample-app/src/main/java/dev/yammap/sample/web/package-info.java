/**
 * The HTTP interface, and how it answers bad requests.
 */
@NullMarked
package dev.yammap.sample.web;

import org.jspecify.annotations.NullMarked;
