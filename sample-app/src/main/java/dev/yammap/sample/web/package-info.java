/**
 * The HTTP interface, and its answers to bad requests.
 */
@NullMarked
package dev.yammap.sample.web;

import org.jspecify.annotations.NullMarked;
