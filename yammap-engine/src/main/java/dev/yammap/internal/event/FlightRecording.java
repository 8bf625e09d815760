package dev.yammap.internal.event;

import jdk.jfr.FlightRecorder;

/**
 * Tells whether the JDK's Flight Recorder may want events. Ask before touching a class of
 * an event: without the module {@code jdk.jfr} it cannot be loaded, and where nobody has
 * ever recorded, loading it would be for nothing.
 */
public final class FlightRecording {

	private static final boolean AVAILABLE = isAvailable();

	private FlightRecording() {
	}

	/**
	 * Tells whether a recording was ever started in this process. Which events it wants,
	 * each of them knows itself.
	 */
	public static boolean isOn() {
		return AVAILABLE && FlightRecorder.isInitialized();
	}

	private static boolean isAvailable() {
		Module recorder = ModuleLayer.boot().findModule("jdk.jfr").orElse(null);
		return recorder != null && FlightRecording.class.getModule().canRead(recorder);
	}

}
