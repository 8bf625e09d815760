package dev.yammap.internal.os;

/**
 * Where the engine logs. It is looked up when there is something to say, not when a class
 * is loaded: the first logger of a virtual machine takes 10 ms, which the first file need
 * not wait for.
 */
public final class EngineLogger {

	private EngineLogger() {
	}

	public static System.Logger get() {
		return System.getLogger("dev.yammap");
	}

}
