package dev.yammap.spring.boot.lifecycle;

import dev.yammap.Backend;
import org.jspecify.annotations.Nullable;

/**
 * The end of an application in a virtual machine that goes on, such as that of a web
 * application in an application server. Closed files leave something behind for two
 * seconds. It must be gone, with the thread that removes it, before the classes are
 * unloaded. If the virtual machine ends with the application, nobody need wait for that.
 */
final class Undeployment {

	/** The class loader of an executable JAR. Its only purpose is the application. */
	private static final String LAUNCHER = "org.springframework.boot.loader.";

	private Undeployment() {
	}

	/**
	 * Waits until nothing is left of closed files, if the virtual machine goes on.
	 */
	static void awaitUnmapped() {
		if (isTakenAway(Backend.class.getClassLoader()) && !isVirtualMachineEnding()) {
			Backend.awaitUnmapped();
		}
	}

	/**
	 * Tells whether classes of a loader may be unloaded before the virtual machine ends.
	 */
	static boolean isTakenAway(@Nullable ClassLoader loader) {
		for (ClassLoader lasting = ClassLoader.getSystemClassLoader(); lasting != null; lasting = lasting.getParent()) {
			if (lasting.equals(loader)) {
				return false;
			}
		}
		return loader != null && !loader.getClass().getName().startsWith(LAUNCHER);
	}

	/** Tells whether the virtual machine is ending: then it takes no further hook. */
	private static boolean isVirtualMachineEnding() {
		Thread hook = new Thread(() -> {
		});
		try {
			Runtime.getRuntime().addShutdownHook(hook);
			Runtime.getRuntime().removeShutdownHook(hook);
			return false;
		}
		catch (IllegalStateException ex) {
			return true;
		}
	}

}
