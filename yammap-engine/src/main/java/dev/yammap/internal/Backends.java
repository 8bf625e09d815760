package dev.yammap.internal;

import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.yammap.Backend;
import dev.yammap.internal.file.LeakDetector;
import dev.yammap.internal.os.EngineLogger;
import dev.yammap.internal.os.FileBackend;
import dev.yammap.internal.os.linux.LinuxBackend;
import dev.yammap.internal.os.portable.PortableBackend;

/**
 * Finds the backend that a caller asked for. Each backend is made once.
 */
public final class Backends {

	/** Little-endian, 64 bits, and a calling convention that the backend relies on. */
	private static final Set<String> PROCESSORS = Set.of("amd64", "x86_64", "aarch64");

	private static @Nullable Choice auto;

	private Backends() {
	}

	/**
	 * Returns the backend.
	 * @throws UnsupportedOperationException if it is not available here
	 */
	static FileBackend get(Backend choice) {
		return switch (choice) {
			case AUTO -> auto().backend();
			case NATIVE -> linked(obstacle(), new Native());
			case PORTABLE -> Portable.BACKEND;
		};
	}

	/**
	 * Does ahead of time what the first opening of a file would otherwise do.
	 * @throws UnsupportedOperationException if it is not available here
	 */
	public static void prepare(Backend choice) {
		get(choice);
		LeakDetector.prepare();
	}

	/** Waits until closed files hold no memory and no thread any more. */
	public static void awaitUnmapped() {
		LinuxBackend.awaitUnmapped();
	}

	/**
	 * Returns the native backend, or fails.
	 * @param obstacle why there can be none on this system, or {@code null}
	 */
	static FileBackend linked(@Nullable String obstacle, Supplier<FileBackend> linker) {
		if (obstacle != null) {
			throw new UnsupportedOperationException("There is no native backend: " + obstacle);
		}
		try {
			return linker.get();
		}
		catch (IllegalCallerException ex) {
			throw new UnsupportedOperationException(
					"The native backend needs native access, which is denied. " + remedy(), ex);
		}
	}

	/**
	 * Returns why {@link Backend#AUTO} does not take a backend, or {@code null}.
	 */
	public static @Nullable String obstacle(Backend choice) {
		return (choice == Backend.NATIVE) ? auto().obstacle() : null;
	}

	/**
	 * No class initializer does this: memory may be short at first, and a later call then
	 * tries again.
	 */
	private static synchronized Choice auto() {
		Choice found = auto;
		if (found == null) {
			found = find(obstacle(), Backends.class.getModule().isNativeAccessEnabled(), new Native());
			auto = found;
		}
		return found;
	}

	/**
	 * Returns the native backend. If it is not available, returns the portable one and
	 * logs why: as a warning, if whoever starts Java can change that.
	 * @param obstacle why it is not available on this system, or {@code null}
	 * @param nativeAccess whether native access is enabled. Without it the virtual
	 * machine would print a warning of its own
	 */
	static Choice find(@Nullable String obstacle, boolean nativeAccess, Supplier<FileBackend> linker) {
		if (obstacle != null) {
			return portable(Level.INFO, obstacle);
		}
		if (!nativeAccess) {
			return portable(Level.WARNING, "native access is not enabled. " + remedy());
		}
		try {
			return new Choice(linker.get(), null);
		}
		catch (UnsupportedOperationException ex) {
			return portable(Level.WARNING, String.valueOf(ex.getMessage()));
		}
	}

	private static Choice portable(Level level, String obstacle) {
		EngineLogger.get().log(level, "Files are mapped by the portable backend: {0}", obstacle);
		return new Choice(Portable.BACKEND, obstacle);
	}

	private static @Nullable String obstacle() {
		return obstacle(System.getProperty("os.name"), System.getProperty("os.arch"));
	}

	/** Returns why there can be no native backend on a system, or {@code null}. */
	static @Nullable String obstacle(String system, String processor) {
		boolean known = "Linux".equals(system) && PROCESSORS.contains(processor);
		return known ? null : "it is for Linux on " + PROCESSORS.stream().sorted().toList() + ", and this is " + system
				+ " on " + processor;
	}

	private static String remedy() {
		Module module = Backends.class.getModule();
		return module.isNamed() ? "Start Java with --enable-native-access=" + module.getName()
				: "Start Java with --enable-native-access=ALL-UNNAMED, or add 'Enable-Native-Access: ALL-UNNAMED' to the"
						+ " manifest of the executable JAR";
	}

	/**
	 * What {@link Backend#AUTO} stands for here.
	 *
	 * @param obstacle why it is not the native one, and what to do, or {@code null}
	 */
	record Choice(FileBackend backend, @Nullable String obstacle) {

	}

	private static final class Portable {

		private static final FileBackend BACKEND = new PortableBackend();

	}

	/** No class initializer does this: after a failure a later call tries again. */
	private static final class Native implements Supplier<FileBackend> {

		private static @Nullable FileBackend backend;

		@Override
		public FileBackend get() {
			synchronized (Native.class) {
				FileBackend linked = backend;
				if (linked == null) {
					linked = new LinuxBackend();
					backend = linked;
				}
				return linked;
			}
		}

	}

}
