package dev.yammap.internal.event;

import jdk.jfr.FlightRecorder;

/**
 * Tells whether the JDK's Flight Recorder may want events. Ask before you use a class of
 * an event: without the module {@code jdk.jfr} it cannot be loaded, and if nobody has
 * ever recorded, there is no need to load it.
 */
public final class FlightRecording {

	private static final boolean AVAILABLE = isAvailable();

	private FlightRecording() {
	}

	/**
	 * Tells whether a recording was ever started in this process. Each event checks by
	 * itself whether the recording wants it.
	 */
	public static boolean isOn() {
		return AVAILABLE && FlightRecorder.isInitialized();
	}

	private static boolean isAvailable() {
		Module recorder = ModuleLayer.boot().findModule("jdk.jfr").orElse(null);
		return recorder != null && FlightRecording.class.getModule().canRead(recorder);
	}

}
