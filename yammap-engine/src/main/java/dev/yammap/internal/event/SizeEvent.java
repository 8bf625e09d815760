package dev.yammap.internal.event;

import jdk.jfr.DataAmount;
import jdk.jfr.Label;

/**
 * What the changes of a file's size have in common.
 */
abstract class SizeEvent extends FileEvent {

	@Label("Old Size")
	@DataAmount
	@SuppressWarnings("unused")
	final long oldSize;

	@Label("New Size")
	@DataAmount
	@SuppressWarnings("unused")
	final long newSize;

	SizeEvent(long oldSize, long newSize) {
		this.oldSize = oldSize;
		this.newSize = newSize;
	}

}
